namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Turns handlers with typed parameters into handlers of an event: parameters are read from the arguments, and what a handler returns is the
/// ack. One method for each number of parameters and each kind of result, because C# has no variadic type parameters.
/// </summary>
internal static class TypedHandlers
{
    public static Func<IncomingEvent, ValueTask> Of(Action handler) => e =>
    {
        handler();
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of(Func<Task> handler) => e => new ValueTask(handler());

    public static Func<IncomingEvent, ValueTask> Of(Func<ValueTask> handler) => e => handler();

    public static Func<IncomingEvent, ValueTask> Of<TResult>(Func<TResult> handler) => Answering<TResult>(e => Answer(e, handler()));

    public static Func<IncomingEvent, ValueTask> Of<TResult>(Func<Task<TResult>> handler) => Answering<TResult>(e => Answer(e, handler()));

    public static Func<IncomingEvent, ValueTask> Of<TResult>(Func<ValueTask<TResult>> handler) => Answering<TResult>(e => Answer(e, handler()));

    public static Func<IncomingEvent, ValueTask> Of<T1>(Action<T1> handler) => e =>
    {
        handler(Arg<T1>(e, 0));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1>(Func<T1, Task> handler) => e => new ValueTask(handler(Arg<T1>(e, 0)));

    public static Func<IncomingEvent, ValueTask> Of<T1>(Func<T1, ValueTask> handler) => e => handler(Arg<T1>(e, 0));

    public static Func<IncomingEvent, ValueTask> Of<T1, TResult>(Func<T1, TResult> handler) => Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0))));

    public static Func<IncomingEvent, ValueTask> Of<T1, TResult>(Func<T1, Task<TResult>> handler) => Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0))));

    public static Func<IncomingEvent, ValueTask> Of<T1, TResult>(Func<T1, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2>(Action<T1, T2> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2>(Func<T1, T2, Task> handler) =>
        e => new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2>(Func<T1, T2, ValueTask> handler) => e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, TResult>(Func<T1, T2, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, TResult>(Func<T1, T2, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, TResult>(Func<T1, T2, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3>(Action<T1, T2, T3> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3>(Func<T1, T2, T3, Task> handler) =>
        e => new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3>(Func<T1, T2, T3, ValueTask> handler) =>
        e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4>(Action<T1, T2, T3, T4> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4>(Func<T1, T2, T3, T4, Task> handler) =>
        e => new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4>(Func<T1, T2, T3, T4, ValueTask> handler) =>
        e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5>(Func<T1, T2, T3, T4, T5, Task> handler) =>
        e => new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5>(Func<T1, T2, T3, T4, T5, ValueTask> handler) =>
        e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6>(Func<T1, T2, T3, T4, T5, T6, Task> handler) =>
        e => new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6>(Func<T1, T2, T3, T4, T5, T6, ValueTask> handler) =>
        e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, TResult>(Func<T1, T2, T3, T4, T5, T6, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, TResult>(Func<T1, T2, T3, T4, T5, T6, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, TResult>(
        Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7>(Func<T1, T2, T3, T4, T5, T6, T7, Task> handler) =>
        e =>
            new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7>(Func<T1, T2, T3, T4, T5, T6, T7, ValueTask> handler) =>
        e => handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> handler) =>
        Answering<TResult>(e => Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8>(Action<T1, T2, T3, T4, T5, T6, T7, T8> handler) => e =>
    {
        handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7));
        return default;
    };

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8>(Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> handler) =>
        e =>
            new ValueTask(handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7)));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask> handler) =>
        e =>
            handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> handler) =>
        Answering<TResult>(e =>
            Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> handler) =>
        Answering<TResult>(e =>
            Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7))));

    public static Func<IncomingEvent, ValueTask> Of<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> handler) =>
        Answering<TResult>(e =>
            Answer(e, handler(Arg<T1>(e, 0), Arg<T2>(e, 1), Arg<T3>(e, 2), Arg<T4>(e, 3), Arg<T5>(e, 4), Arg<T6>(e, 5), Arg<T7>(e, 6), Arg<T8>(e, 7))));

    // Whoever registers the handler hears of a mistake, not the client.
    private static Func<IncomingEvent, ValueTask> Answering<TResult>(Func<IncomingEvent, ValueTask> handler) =>
        Answers<TResult>.Mistake is { } mistake ? throw new ArgumentException($"The handler {mistake}", nameof(handler)) : handler;

    // A handler may also ask for the event itself.
    private static T Arg<T>(IncomingEvent e, int index) =>
        typeof(IncomingEvent).IsAssignableFrom(typeof(T)) ? (T)(object)e : e.Get<T>(index)!;

    /// <summary>Sends what a handler returned as the ack.</summary>
    public static ValueTask Answer<TResult>(IncomingEvent e, TResult result) => e.AckCoreAsync([result]);

    public static async ValueTask Answer<TResult>(IncomingEvent e, Task<TResult> result) => await e.AckCoreAsync([await result]);

    public static async ValueTask Answer<TResult>(IncomingEvent e, ValueTask<TResult> result) => await e.AckCoreAsync([await result]);

    private static class Answers<TResult>
    {
        public static readonly string? Mistake = AnswerType.MistakeOf(typeof(TResult));
    }
}
