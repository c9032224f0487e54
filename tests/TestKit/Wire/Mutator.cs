namespace OrleansRooms.TestKit.Wire;

/// <summary>Makes messages that are almost right, the same ones for the same seed.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="corpus">What is right, or nearly so.</param>
/// <param name="fragments">Pieces that mean something where they do not belong.</param>
public sealed class Mutator(Random random, byte[][] corpus, byte[][] fragments)
{
    /// <summary>The next message: one of the corpus with up to three changes.</summary>
    public byte[] Next()
    {
        var message = new List<byte>(Pick(corpus));
        for (var changes = random.Next(4); changes > 0; changes--) Change(message);
        return [.. message];
    }

    private void Change(List<byte> message)
    {
        var at = random.Next(message.Count + 1);
        var length = random.Next(message.Count - at + 1);
        switch (random.Next(6))
        {
            case 0 when at < message.Count:
                message[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                message.Insert(at, (byte)random.Next(256));
                break;
            case 2:
                message.RemoveRange(at, length);
                break;
            case 3:
                message.InsertRange(at, message.GetRange(at, length));
                break;
            case 4:
                message.InsertRange(at, Pick(fragments));
                break;
            default:
                message.InsertRange(at, Pick(corpus));
                break;
        }
    }

    private byte[] Pick(byte[][] from) => from[random.Next(from.Length)];
}
