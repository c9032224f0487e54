namespace OrleansRooms.Emitter;

/// <summary>
/// Something that events can be emitted to: one socket, some rooms or a whole namespace. What user code types is
/// <c>EmitAsync("event", a, b)</c>, see <see cref="EmitterTargetExtensions"/>.
/// </summary>
public interface IEmitterTarget
{
    /// <summary>
    /// Emits an event whose arguments are already in an array; each item is one argument. What user code types is <c>EmitAsync("event", a,
    /// b)</c>.
    /// </summary>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">
    /// The arguments. <c>byte[]</c>, <c>Memory&lt;byte&gt;</c> and their kind travel as binary attachments at whatever depth; all else
    /// becomes JSON. They are read before the method returns.
    /// </param>
    /// <param name="cancellationToken">Nothing is emitted if it is cancelled already.</param>
    /// <returns>
    /// Is complete when the method returns: the event has taken its place behind everything emitted before in the namespace. Whether it
    /// arrives anywhere is not known.
    /// </returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>connect</c>.</exception>
    ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default);
}
