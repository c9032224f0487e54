using System.Text;

namespace OrleansRooms.TestKit.Wire;

/// <summary>Makes Engine.IO packets that are almost right, the same ones for the same seed.</summary>
/// <param name="random">Where chance comes from.</param>
public sealed class FrameMutator(Random random)
{
    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            "40", "40/chat,{\"token\":\"x\"}", "41", "41/chat,", "42[\"say\",\"hello\"]", "427[\"echo\",\"text\"]",
            "42/chat,7[\"echo\",{\"a\":[1,2,{\"b\":null}]}]", "421[\"echo\",\"é\\u2028\\ud83d\\ude00\"]", "43[]", "430[\"ok\"]",
            "44{\"message\":\"no\"}",
            "451-[\"say\",{\"_placeholder\":true,\"num\":0}]", "461-3[{\"_placeholder\":true,\"num\":0}]",
            "40{\"pid\":\"a\",\"offset\":\"b\"}",
            "2", "2probe", "3", "3probe", "5", "6", "4", "42", "4299999999999999999999[\"echo\"]", "42[[[[[[[[[[[[[[[[",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "[", "]", "{", "}", "\"", ",", "-", "/", "\\", "9", "\u001e", "b", "null", "1e999", "\"_placeholder\"", "é", "\0",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private readonly Mutator _mutator = new(random, Corpus, Fragments);

    /// <summary>The next packet, with its type digit.</summary>
    public byte[] Next() => _mutator.Next();

    /// <summary>The next packet as a client's WebSocket frame, whose head may be wrong too. Its mask is zero.</summary>
    public byte[] NextWebSocketFrame()
    {
        var payload = Next();
        var head = random.Next(20) switch
        {
            0 => (byte)random.Next(256),
            1 or 2 or 3 => (byte)0x82,
            _ => (byte)0x81,
        };
        byte[] length = payload.Length <= 125
            ? [(byte)(0x80 | payload.Length)]
            : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        return [head, .. length, 0, 0, 0, 0, .. payload];
    }

    /// <summary>Several packets as the body of a POST.</summary>
    public byte[] NextPayload(int packets)
    {
        var body = new List<byte>();
        for (var i = 0; i < packets; i++)
        {
            if (i > 0) body.Add(0x1e);
            body.AddRange(random.Next(6) == 0 ? [(byte)'b', .. Encoding.ASCII.GetBytes(Convert.ToBase64String(Next()))] : Next());
        }

        return [.. body];
    }
}
