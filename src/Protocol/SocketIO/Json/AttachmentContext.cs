namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// The attachments of the packet that the current thread is writing or reading. Converters have no other way to reach them:
/// System.Text.Json hands them only the writer or reader, and serialization never leaves its thread.
/// </summary>
internal static class AttachmentContext
{
    [ThreadStatic]
    private static List<ReadOnlyMemory<byte>>? _written;

    [ThreadStatic]
    private static IReadOnlyList<ReadOnlyMemory<byte>>? _readable;

    /// <summary>Whether what is being read has attachments.</summary>
    public static bool CanRead => _readable is { Count: > 0 };

    /// <summary>Makes a list collect what converters write and returns the one before, to be put back.</summary>
    public static List<ReadOnlyMemory<byte>>? SwapWritten(List<ReadOnlyMemory<byte>>? attachments)
    {
        var previous = _written;
        _written = attachments;
        return previous;
    }

    /// <summary>Makes attachments readable for converters and returns the ones before, to be put back.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? SwapReadable(IReadOnlyList<ReadOnlyMemory<byte>>? attachments)
    {
        var previous = _readable;
        _readable = attachments;
        return previous;
    }

    /// <summary>Whether what is being written can have attachments; CONNECT and CONNECT_ERROR cannot.</summary>
    public static bool CanWrite => _written is not null;

    /// <summary>Adds an attachment to the packet being written and returns its number.</summary>
    public static int Add(ReadOnlyMemory<byte> bytes)
    {
        var attachments = _written ?? throw new InvalidOperationException("No packet that can have attachments is being written.");
        attachments.Add(bytes);
        return attachments.Count - 1;
    }

    /// <summary>The attachment a placeholder names.</summary>
    public static bool TryGet(int number, out ReadOnlyMemory<byte> bytes)
    {
        var attachments = _readable;
        if (attachments is null || (uint)number >= (uint)attachments.Count)
        {
            bytes = default;
            return false;
        }

        bytes = attachments[number];
        return true;
    }

    /// <summary>The attachments being read.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Readable => _readable ?? [];
}
