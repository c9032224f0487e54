using Microsoft.Extensions.Options;
using OrleansRooms.Emitter;

namespace OrleansRooms.Samples.Worker;

/// <summary>
/// Writes into a room of the chat how many are there, on every node, though this process has no sockets and serves no pages. It does not
/// mind when it starts before the others, or when the silos are away for a while.
/// </summary>
internal sealed partial class NewsDesk(
    ISocketIOEmitter emitter, IOptions<NewsDeskOptions> options, TimeProvider time, ILogger<NewsDesk> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var room = options.Value.Room;
        using var timer = new PeriodicTimer(options.Value.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // One call to the room's owner; no node is asked.
                var members = await emitter.RoomSizeAsync(room, stoppingToken);
                if (members > 0)
                {
                    // What samples/Chat sends its clients, so that its page shows it.
                    var message = new { room, from = "news desk", text = $"{members} in here", node = "worker" };
                    await emitter.To(room).EmitAsync("message", message, stoppingToken);
                }
            }
            catch (EmitterUnavailableException exception)
            {
                NoNews(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "No news this time: {Reason}", EventName = "NoNews")]
    private static partial void NoNews(ILogger logger, string reason);
}
