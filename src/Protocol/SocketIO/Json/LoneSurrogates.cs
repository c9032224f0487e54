using System.Buffers;
using System.Text.Encodings.Web;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>Halves of surrogate pairs, which JavaScript's strings may hold and <c>JSON.stringify</c> writes as <c>\ud83d</c>.</summary>
internal static class LoneSurrogates
{
    /// <summary>Encodes text that holds none of them.</summary>
    public delegate OperationStatus PlainEncoder(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock);

    /// <summary>Where the first one stands, or -1.</summary>
    public static int IndexIn(ReadOnlySpan<char> text)
    {
        var position = 0;
        while (true)
        {
            var found = text[position..].IndexOfAnyInRange('\ud800', '\udfff');
            if (found < 0) return -1;

            position += found;
            var isPair = char.IsHighSurrogate(text[position])
                && position + 1 < text.Length
                && char.IsLowSurrogate(text[position + 1]);
            if (!isPair) return position;
            position += 2;
        }
    }

    /// <summary>Encodes text with them: the rest of it as an encoder does.</summary>
    public static OperationStatus Encode(
        PlainEncoder encoder, ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten,
        bool isFinalBlock)
    {
        charsConsumed = 0;
        charsWritten = 0;
        while (true)
        {
            var rest = source[charsConsumed..];
            var lone = IndexIn(rest);
            var status = encoder(lone < 0 ? rest : rest[..lone], destination[charsWritten..], out var consumed, out var written, true);
            charsConsumed += consumed;
            charsWritten += written;
            if (status != OperationStatus.Done || lone < 0) return status;

            // The other half may come with the next block.
            if (!isFinalBlock && lone == rest.Length - 1 && char.IsHighSurrogate(rest[lone])) return OperationStatus.NeedMoreData;
            if (!destination[charsWritten..].TryWrite($"\\u{(int)rest[lone]:x4}", out var escape))
            {
                return OperationStatus.DestinationTooSmall;
            }
            charsConsumed++;
            charsWritten += escape;
        }
    }
}

/// <summary>An encoder of the user's that writes halves of surrogate pairs as escapes instead of U+FFFD.</summary>
internal sealed unsafe class SurrogateKeepingEncoder(JavaScriptEncoder inner) : JavaScriptEncoder
{
    private const int LengthOfEscape = 6;

    public override int MaxOutputCharactersPerInputCharacter => Math.Max(inner.MaxOutputCharactersPerInputCharacter, LengthOfEscape);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true) =>
        LoneSurrogates.IndexIn(source) < 0
            ? inner.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock)
            : LoneSurrogates.Encode(inner.Encode, source, destination, out charsConsumed, out charsWritten, isFinalBlock);

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        inner.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    public override bool WillEncode(int unicodeScalar) => inner.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var escaped = inner.FindFirstCharacterToEncode(text, textLength);
        var lone = LoneSurrogates.IndexIn(new ReadOnlySpan<char>(text, escaped < 0 ? textLength : escaped));
        return lone < 0 ? escaped : lone;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => inner.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
