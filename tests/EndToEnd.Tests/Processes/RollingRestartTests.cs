using System.Globalization;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// Two silos and two front-ends are replaced in turn while people chat. Who stays connected hears everything of everyone who does, once and
/// in order. Who is on a front-end that goes hears everything up to some moment, and is heard with all that was acknowledged before it was
/// asked to go; who comes to the one that takes its place hears everything from then on.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class RollingRestartTests(ProcessCluster cluster)
{
    [RedisFact]
    public async Task SilosAndFrontEndsInTurn_LoseNoMessageBetweenConnectedClients()
    {
        var room = cluster.NewName("room");
        var frontEnds = new[] { await cluster.StartNodeAsync(), await cluster.StartNodeAsync() };
        var connected = new List<Talker>();
        try
        {
            foreach (var node in cluster.Nodes.Take(2).Concat(frontEnds))
            {
                connected.Add(await Talker.JoinAsync(cluster, node, room, connected));
            }
            var silos = cluster.Silos.Take(2).ToArray();
            for (var i = 0; i < 2; i++)
            {
                await cluster.StartSiloAsync();
                await cluster.StopSiloAsync(silos[i]);
                await HearEachOtherAsync(connected);

                var leaving = connected.Single(talker => talker.Client.Node == frontEnds[i]);
                var heardOfLeaving = leaving.Said;
                frontEnds[i].Process.Signal(ProcessSignal.Terminate);
                Assert.Equal(0, await frontEnds[i].Process.WaitForExitAsync());
                await leaving.EndAsync();
                connected.Remove(leaving);
                foreach (var talker in connected)
                {
                    await talker.UntilHeardAsync(leaving, heardOfLeaving);
                    AssertWhole(talker.Heard(leaving), talker.HeardFrom(leaving));
                    AssertWhole(leaving.Heard(talker), leaving.HeardFrom(talker));
                }

                await frontEnds[i].DisposeAsync();
                frontEnds[i] = await cluster.StartNodeAsync(frontEnds[i].Name);
                connected.Add(await Talker.JoinAsync(cluster, frontEnds[i], room, connected));
                await HearEachOtherAsync(connected);
            }

            foreach (var talker in connected) await talker.EndAsync();
            foreach (var listener in connected)
            {
                foreach (var talker in connected)
                {
                    await listener.UntilHeardAsync(talker, talker.Said);
                    AssertWhole(listener.Heard(talker), listener.HeardFrom(talker));
                }
            }

            foreach (var talker in connected) Assert.DoesNotContain(talker.Client.Js.Waiting, e => e.Name == "disconnect");
            await Task.WhenAll(connected.Select(talker => talker.Client.Js.DisconnectAsync()));
        }
        finally
        {
            foreach (var frontEnd in frontEnds) await frontEnd.DisposeAsync();
        }
    }

    // What was heard has no gap, nothing twice and nothing out of order, and begins in time.
    private static void AssertWhole(int[] heard, int from)
    {
        Assert.NotEmpty(heard);
        Assert.InRange(heard[0], 1, from);
        Assert.Equal(Enumerable.Range(heard[0], heard.Length), heard);
    }

    // What is said from now on goes from everybody to everybody.
    private static async Task HearEachOtherAsync(List<Talker> connected)
    {
        foreach (var talker in connected)
        {
            var sentence = await talker.NextSentenceAsync();
            foreach (var listener in connected) await listener.UntilHeardAsync(talker, sentence);
        }
    }

    /// <summary>A client that says numbered sentences until it is ended or disconnected.</summary>
    private sealed class Talker
    {
        private readonly Dictionary<Talker, int> _heardFrom;
        private readonly string _name;
        private readonly string _room;
        private readonly Task _talking;
        private volatile bool _isEnough;
        private int _said;

        private Talker(NodeClient client, string name, string room, Dictionary<Talker, int> heardFrom)
        {
            (Client, _name, _room, _heardFrom) = (client, name, room, heardFrom);
            _talking = TalkAsync();
        }

        public NodeClient Client { get; }

        /// <summary>The last sentence that the node has acknowledged.</summary>
        public int Said => Volatile.Read(ref _said);

        public static async Task<Talker> JoinAsync(ProcessCluster cluster, NodeUnderTest node, string room, IEnumerable<Talker> others)
        {
            var client = await cluster.JoinAsync(node, room);
            // The sentence after the last may have been under way before the join was; the one after that was not.
            return new Talker(client, cluster.NewName("talker"), room, others.ToDictionary(talker => talker, talker => talker.Said + 2));
        }

        /// <summary>From which sentence of another on everything must have been heard: from the first of those who came later.</summary>
        public int HeardFrom(Talker other) => _heardFrom.GetValueOrDefault(other, defaultValue: 1);

        public int[] Heard(Talker other) =>
        [
            .. Client.Js.Waiting
                .Where(e => e.Name == "said" && e.Get<string>(2) == _room
                    && e.Get<string>(1)!.StartsWith($"{other._name} ", StringComparison.Ordinal))
                .Select(e => int.Parse(e.Get<string>(1)![(other._name.Length + 1)..], CultureInfo.InvariantCulture)),
        ];

        public Task UntilHeardAsync(Talker other, int sentence) =>
            AdapterScene.UntilAsync(
                () => new(Heard(other) is [.., var last] && last >= sentence),
                () =>
                    $"{_name} on {Client.Node.Name} has not heard {other._name} on {other.Client.Node.Name} say {sentence}, only " +
                    $"{string.Join(' ', Heard(other).TakeLast(5))}.");

        /// <summary>A sentence that was said after the call.</summary>
        public async Task<int> NextSentenceAsync()
        {
            var sentence = Said + 2;
            await AdapterScene.UntilAsync(
                () => new(Said >= sentence), () => $"{_name} on {Client.Node.Name} says nothing more than {Said}.");
            return sentence;
        }

        public async Task EndAsync()
        {
            _isEnough = true;
            await _talking.WaitAsync(AdapterScene.Patience, TimeProvider.System);
        }

        private async Task TalkAsync()
        {
            for (var number = 1; !_isEnough; number++)
            {
                // A client that is disconnected before the answer comes gets none.
                var saying = Client.AskAsync<object>("say", _room, $"{_name} {number.ToString(CultureInfo.InvariantCulture)}", 1);
                while (!saying.IsCompletedSuccessfully)
                {
                    if (Client.Js.Waiting.Any(e => e.Name == "disconnect")) return;
                    if (saying.IsCompleted) await saying;
                    await Task.WhenAny(saying, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
                }

                Volatile.Write(ref _said, number);
                await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System);
            }
        }
    }
}
