using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Tells watching nodes the sizes of their rooms: one round of sends at a time, each with the latest sizes.</summary>
/// <remarks>Not thread-safe: belongs to the owner whose membership it reads, and runs on its scheduler.</remarks>
internal sealed class SizeNotices
{
    // Notices come from the directory, not from a node.
    private static readonly NodeIdentity FromDirectory = new("", 0);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // What a notice takes besides the room's name, roughly.
    private const int NoticeSize = 128;

    private readonly RoomMembership _membership;
    private readonly string _clusterKey;
    private readonly string _namespace;
    private readonly INoticeSender _sender;
    private readonly TimeProvider _time;
    private readonly List<string> _rooms = [];
    private readonly List<NodeIdentity> _watchers = [];
    private readonly Dictionary<NodeIdentity, List<Envelope>> _round = [];

    // Higher than what any earlier activation of the same owner has given out, in rooms that change less than ten million times a second.
    private long _version;
    private bool _stopped;

    public SizeNotices(RoomMembership membership, string clusterKey, string ns, INoticeSender sender, TimeProvider time)
    {
        _membership = membership;
        _clusterKey = clusterKey;
        _namespace = ns;
        _sender = sender;
        _time = time;
        _version = time.GetUtcNow().UtcTicks;
    }

    /// <summary>The rounds under way; completed when there is nothing left to tell. Never fails.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Sees to it that all changes of the membership so far are told.</summary>
    public void Flush()
    {
        if (_membership.HasResized && Sending.IsCompleted && !_stopped)
        {
            Sending = SendAsync();
        }
    }

    /// <summary>Begins no further round.</summary>
    public void Stop() => _stopped = true;

    private async Task SendAsync()
    {
        while (_membership.HasResized && !_stopped)
        {
            _rooms.Clear();
            _membership.TakeResized(_rooms);
            PrepareRound();
            if (!await SendRoundAsync())
            {
                await Task.Delay(RetryDelay, _time);
            }
        }
    }

    private void PrepareRound()
    {
        _round.Clear();
        foreach (var room in _rooms)
        {
            _watchers.Clear();
            var size = _membership.Announce(room, _watchers);
            if (_watchers.Count == 0)
            {
                continue;
            }

            var notice = new Envelope
            {
                Kind = EnvelopeKind.RoomSizeChanged,
                Namespace = _namespace,
                Targets = [room],
                Count = size,
                Version = ++_version,
            };
            foreach (var node in _watchers)
            {
                if (!_round.TryGetValue(node, out var notices))
                {
                    notices = [];
                    _round.Add(node, notices);
                }

                notices.Add(notice);
            }
        }
    }

    private async Task<bool> SendRoundAsync()
    {
        var sends = new List<(List<Envelope> Notices, Task<bool> Sent)>(_round.Count);
        foreach (var (node, notices) in _round)
        {
            foreach (var part in Split(notices))
            {
                sends.Add((part, _sender.TrySendAsync(_clusterKey, node, new EnvelopeBatch(FromDirectory, [.. part]))));
            }
        }

        var allSent = true;
        foreach (var (notices, sent) in sends)
        {
            if (!await sent)
            {
                allSent = false;
                foreach (var notice in notices)
                {
                    // Told again to all its watchers, which costs little and happens rarely.
                    _membership.MarkResized(notice.Targets[0]);
                }
            }
        }

        return allSent;
    }

    // Into what one message should carry.
    private static IEnumerable<List<Envelope>> Split(List<Envelope> notices)
    {
        var (begin, size) = (0, 0L);
        for (var i = 0; i < notices.Count; i++)
        {
            var added = notices[i].Targets[0].Length + NoticeSize;
            if (size > 0 && size + added > CallSize.Target)
            {
                yield return notices[begin..i];
                (begin, size) = (i, 0);
            }

            size += added;
        }

        yield return begin == 0 ? notices : notices[begin..];
    }
}
