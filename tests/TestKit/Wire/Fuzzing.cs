using System.Globalization;
using OrleansRooms.Protocol.SocketIO;
using Xunit.Abstractions;

namespace OrleansRooms.TestKit.Wire;

/// <summary>
/// Throws mutated messages at a decoder. The seed is fixed, so a run can be repeated; <c>ORLEANSROOMS_FUZZ_SEED</c> and
/// <c>ORLEANSROOMS_FUZZ_ROUNDS</c> make a longer hunt of it.
/// </summary>
public static class Fuzzing
{
    /// <summary>
    /// Every message is refused with <see cref="PacketFormatException"/> or gives a packet; a fair part of them has to do each.
    /// </summary>
    /// <param name="corpus">What is mutated.</param>
    /// <param name="fragments">What is put where it does not belong.</param>
    /// <param name="decode">Decodes a message; chance is for what it needs beside it.</param>
    /// <param name="check">Throws when something is wrong with a packet that was let in.</param>
    /// <param name="output">Told the seed and the counts.</param>
    /// <exception cref="InvalidOperationException">A message did anything else, or nearly all do the same.</exception>
    public static void Run(
        byte[][] corpus, byte[][] fragments, Func<byte[], Random, Packet> decode, Action<Packet> check, ITestOutputHelper output)
    {
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(output);
        var seed = ReadSetting("ORLEANSROOMS_FUZZ_SEED", 20240229);
        var rounds = ReadSetting("ORLEANSROOMS_FUZZ_ROUNDS", 60_000);
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var random = new Random(seed);
        var mutator = new Mutator(random, corpus, fragments);
        var accepted = 0;
        for (var round = 0; round < rounds; round++)
        {
            var message = mutator.Next();
            try
            {
                if (Decode(decode, message, random) is { } packet)
                {
                    check(packet);
                    accepted++;
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(message)}", exception);
            }
        }

        output.WriteLine($"{accepted} accepted, {rounds - accepted} refused");
        if (accepted < rounds / 20 || accepted > rounds - rounds / 20)
        {
            throw new InvalidOperationException($"{accepted} of {rounds} messages are accepted: the mutations test nothing.");
        }
    }

    private static Packet? Decode(Func<byte[], Random, Packet> decode, byte[] message, Random random)
    {
        try
        {
            return decode(message, random);
        }
        catch (PacketFormatException)
        {
            return null;
        }
    }

    private static int ReadSetting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
