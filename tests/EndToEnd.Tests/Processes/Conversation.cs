using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// Rooms with a client of every node in each, in which every node says numbered sentences all the time: whoever is in a room must hear each
/// of them once and in the order of its node, and stay connected.
/// </summary>
internal sealed class Conversation
{
    private readonly ProcessCluster _cluster;
    private readonly IReadOnlyList<NodeUnderTest> _nodes;
    private readonly string[] _rooms;
    private readonly NodeClient[] _members;
    private readonly int[] _said;
    private Task _talking = Task.CompletedTask;
    private volatile bool _isEnough;

    private Conversation(ProcessCluster cluster, string[] rooms, NodeClient[] members)
    {
        _cluster = cluster;
        _nodes = cluster.Nodes;
        _rooms = rooms;
        _members = members;
        _said = new int[members.Length];
    }

    public static async Task<Conversation> BeginAsync(ProcessCluster cluster, int rooms)
    {
        string[] names = [.. Enumerable.Range(0, rooms).Select(_ => cluster.NewName("room"))];
        var members = await Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, names)));
        foreach (var room in names)
        {
            await members[0].AskUntilAsync<int>(size => size == members.Length, "size", room);
        }

        var conversation = new Conversation(cluster, names, members);
        conversation._talking = Task.WhenAll(members.Select((_, i) => conversation.TalkAsync(i)));
        return conversation;
    }

    /// <summary>A conversation during which a silo is lost. Another takes its place.</summary>
    public static async Task ThroughAsync(ProcessCluster cluster, int rooms, Func<Task> loseASilo)
    {
        var conversation = await BeginAsync(cluster, rooms);
        await conversation.SaidByAllAsync(times: 3);
        await loseASilo();
        await conversation.GoesOnAsync();
        await cluster.StartSiloAsync();
        await conversation.EndAsync();
    }

    /// <summary>Waits until every node has said something more in every room.</summary>
    public async Task SaidByAllAsync(int times)
    {
        var goals = _said.Select(said => said + times).ToArray();
        for (var i = 0; i < goals.Length; i++)
        {
            while (Volatile.Read(ref _said[i]) < goals[i])
            {
                await Task.WhenAny(_talking, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
                Assert.False(_talking.IsFaulted, _talking.Exception?.ToString());
            }
        }
    }

    /// <summary>Waits until everybody hears everybody in every room again: a sentence that is said now has come in.</summary>
    public async Task GoesOnAsync()
    {
        await SaidByAllAsync(times: 2);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var sentence = Sentence(Volatile.Read(ref _said[i]) - 1);
            foreach (var member in _members)
            {
                await UntilHeardAsync(member, i, _rooms[^1], sentence);
            }
        }
    }

    /// <summary>Ends the talk and looks at what everybody heard, and at what the directory says.</summary>
    public async Task EndAsync()
    {
        _isEnough = true;
        await _talking;
        foreach (var member in _members)
        {
            for (var i = 0; i < _nodes.Count; i++)
            {
                foreach (var room in _rooms)
                {
                    await UntilHeardAsync(member, i, room, Sentence(_said[i]));
                    AssertHeardAll(member, i, room);
                }
            }

            Assert.DoesNotContain(member.Js.Waiting, e => e.Name == "disconnect");
        }

        foreach (var member in _members)
        {
            foreach (var room in _rooms)
            {
                Assert.Equal(_members.Length, await member.AskUntilAsync<int>(size => size == _members.Length, "size", room));
            }

            var fetched = await member.AskUntilAsync<string[]>(found => found.Length == _members.Length, "fetch", _rooms[0], 10_000);
            Assert.Equal(_members.Select(other => other.Id).Order(), fetched.Order());
        }

        await Task.WhenAll(_members.Select(member => member.Js.DisconnectAsync()));
    }

    private Task UntilHeardAsync(NodeClient member, int speaker, string room, string sentence) => AdapterScene.UntilAsync(
        () => new(member.Heard(_nodes[speaker], room).Contains(sentence)),
        () => $"{member.Node.Name} never heard {_nodes[speaker].Name} say '{sentence}' in {room}; it heard "
            + $"{string.Join(' ', member.Heard(_nodes[speaker], room).TakeLast(10))}. {_cluster.Output}");

    private void AssertHeardAll(NodeClient member, int speaker, string room)
    {
        string[] heard = [.. member.Heard(_nodes[speaker], room)];
        Assert.True(
            heard.SequenceEqual(Enumerable.Range(1, _said[speaker]).Select(Sentence)),
            $"{member.Node.Name} heard {string.Join(' ', heard)} of {_said[speaker]} sentences of {_nodes[speaker].Name} in {room}. " +
            $"{_cluster.Output}");
    }

    private static string Sentence(int number) => $"{number}";

    private async Task TalkAsync(int speaker)
    {
        while (!_isEnough)
        {
            var number = _said[speaker] + 1;
            foreach (var room in _rooms)
            {
                await _members[speaker].AskAsync<object>("say", room, Sentence(number), 1);
            }

            Volatile.Write(ref _said[speaker], number);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        }
    }
}
