using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Escapes what <c>JSON.stringify</c> escapes and nothing else: quotes, backslashes and control characters.
/// <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> comes close but writes every emoji as twelve characters.
/// </summary>
/// <remarks>The text goes into JSON on a wire, never into a page of HTML, which is what the other escapes are for.</remarks>
internal sealed unsafe class JavaScriptStringEncoder : JavaScriptEncoder
{
    public static readonly JavaScriptStringEncoder Instance = new();

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"u8);

    private JavaScriptStringEncoder()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => 6;

    // The base class puts U+FFFD in the place of half a surrogate pair, whatever WillEncode says about it.
    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true) =>
        LoneSurrogates.IndexIn(source) < 0
            ? base.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock)
            : LoneSurrogates.Encode(base.Encode, source, destination, out charsConsumed, out charsWritten, isFinalBlock);

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        var escaped = span.IndexOfAny(Escaped);

        // Half a surrogate pair has no form in UTF-8: it is written as an escape.
        var lone = LoneSurrogates.IndexIn(escaped < 0 ? span : span[..escaped]);
        return lone < 0 ? escaped : lone;
    }

    // What is not UTF-8 goes the slow way of the base class, which puts U+FFFD in its place.
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        Utf8.IsValid(utf8Text) ? utf8Text.IndexOfAny(EscapedBytes) : base.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        var shortForm = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };

        if (shortForm != '\0')
        {
            var fits = output.Length >= 2;
            if (fits)
            {
                output[0] = '\\';
                output[1] = shortForm;
            }

            numberOfCharactersWritten = fits ? 2 : 0;
            return fits;
        }

        if (unicodeScalar < ' ')
        {
            return output.TryWrite($"\\u{unicodeScalar:x4}", out numberOfCharactersWritten);
        }

        // Text that is not UTF-8 has U+FFFD handed over in its place.
        return new Rune(unicodeScalar).TryEncodeToUtf16(output, out numberOfCharactersWritten);
    }
}
