using MessagePack;

namespace OrleansRooms.MessagePack;

/// <summary>MessagePack values as notepack.io, the JavaScript parser's encoder, understands them.</summary>
internal static class Values
{
    /// <summary>
    /// The type of notepack's extensions: one byte is <c>undefined</c>, eight are a <c>Date</c>, a sized one an <c>ArrayBuffer</c>.
    /// </summary>
    public const sbyte NotepackExtension = 0;

    /// <summary>Whether the next value is <c>undefined</c>: an extension of type 0 in its form for exactly one byte.</summary>
    public static bool IsUndefined(MessagePackReader ahead) =>
        !ahead.End && ahead.NextCode == MessagePackCode.FixExt1 && ahead.ReadExtensionFormatHeader().TypeCode == NotepackExtension;

    /// <summary>
    /// Skips one value without recursion: MessagePackReader's own way calls itself for every level, which a client could
    /// drive until the stack ends.
    /// </summary>
    public static void Skip(ref MessagePackReader reader)
    {
        for (var left = 1L; left > 0; left--)
        {
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Array:
                    left += reader.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    left += 2L * reader.ReadMapHeader();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }
}
