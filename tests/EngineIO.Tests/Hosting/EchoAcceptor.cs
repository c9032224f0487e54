using System.Collections.Concurrent;
using System.Text;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.EngineIO.Tests.Hosting;

/// <summary>Accepts every session and sends each of its messages back.</summary>
internal sealed class EchoAcceptor(Action<EchoSession>? onAccept = null) : IEngineSessionAcceptor
{
    private readonly ConcurrentQueue<IEngineSession> _accepted = new();

    public Inbox<EchoSession> Sessions { get; } = new(() => "The acceptor");

    /// <summary>Ends all sessions without a word to their clients.</summary>
    public void Abort()
    {
        foreach (var session in _accepted) session.Abort();
    }

    public IEngineSessionHandler Accept(IEngineSession session)
    {
        _accepted.Enqueue(session);
        var echo = new EchoSession(session);
        onAccept?.Invoke(echo);
        Sessions.Add(echo);
        return echo;
    }
}

/// <summary>The server's end of one session.</summary>
internal sealed class EchoSession : IEngineSessionHandler
{
    private readonly TaskCompletionSource<(CloseReason Reason, string? Description)> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _upgraded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closedCount;

    public EchoSession(IEngineSession session) => Session = session;

    public IEngineSession Session { get; }

    /// <summary>What the client sent; binary as <c>b</c> and hexadecimal.</summary>
    public Inbox<string> Messages { get; } = new(() => "The session");

    /// <summary>What to do with a message instead of echoing it.</summary>
    public Action<ReadOnlyMemory<byte>, bool>? OnMessageInstead { get; set; }

    /// <summary>
    /// When the next message may come; at once, if not given. Whoever gives it sees to it that it completes when the session ends.
    /// </summary>
    public Func<Task>? Ready { get; set; }

    /// <summary>How often the engine said that the session has ended; more than once is a mistake.</summary>
    public int ClosedCount => Volatile.Read(ref _closedCount);

    public Task<(CloseReason Reason, string? Description)> Closed => _closed.Task.WaitAsync(Inbox<int>.DefaultTimeout);

    public Task Upgraded
    {
        get
        {
            Session.Events.Upgraded += () => _upgraded.TrySetResult();
            return _upgraded.Task.WaitAsync(Inbox<int>.DefaultTimeout);
        }
    }

    public bool HasClosed => _closed.Task.IsCompleted;

    public Task<string> NextMessageAsync() => Messages.TakeAsync(_ => true, "a message");

    /// <summary>Waits until the transport is ready, which on polling means that a GET waits.</summary>
    public async Task WritableAsync()
    {
        using var limit = new CancellationTokenSource(Inbox<int>.DefaultTimeout);
        while (!((Session)Session).IsWritable) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
    }

    public bool Send(string text, SendFlags flags = SendFlags.None) =>
        Session.Send([EngineIOFrame.Text(EngineIOPacketType.Message, text)], flags);

    public bool Send(byte[] bytes, SendFlags flags = SendFlags.None) => Session.Send([new EngineIOFrame(bytes, isBinary: true)], flags);

    public void OnMessage(ReadOnlyMemory<byte> data, bool isBinary)
    {
        if (OnMessageInstead is { } instead)
        {
            instead(data, isBinary);
        }
        else if (isBinary)
        {
            Session.Send([new EngineIOFrame(data, isBinary: true)]);
        }
        else
        {
            Send(Encoding.UTF8.GetString(data.Span));
        }

        Messages.Add(isBinary ? "b" + Convert.ToHexString(data.Span) : Encoding.UTF8.GetString(data.Span));
    }

    public ValueTask WhenReadyAsync() => Ready is { } ready ? new ValueTask(ready()) : default;

    public void OnClosed(CloseReason reason, string? description)
    {
        Interlocked.Increment(ref _closedCount);
        _closed.TrySetResult((reason, description));
    }
}
