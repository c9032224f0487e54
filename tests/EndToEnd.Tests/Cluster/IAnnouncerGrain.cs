using OrleansRooms.Emitter;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>A grain of an application that tells clients what happens to it.</summary>
public interface IAnnouncerGrain : IGrainWithStringKey
{
    /// <summary>Emits several in a row to the room that the grain is named after, without awaiting each.</summary>
    Task AnnounceAsync(int count);

    /// <summary>Asks the members of the room, while the grain is busy with this call.</summary>
    Task<string[]> AskAsync(string question);

    /// <summary>Lets the members join another room and says how many are there then.</summary>
    Task<int> MoveAsync(string room);
}

internal sealed class AnnouncerGrain(ISocketIOEmitter emitter) : Grain, IAnnouncerGrain
{
    private string Room => this.GetPrimaryKeyString();

    public async Task AnnounceAsync(int count)
    {
        // Must neither follow what the emitter does later, nor get lost here.
        Orleans.Runtime.RequestContext.Set("announcer", Room);
        var emits = Enumerable.Range(1, count).Select(i => emitter.To(Room).EmitAsync("ev", i).AsTask()).ToArray();
        await Task.WhenAll(emits);
        Assert.Equal(Room, Orleans.Runtime.RequestContext.Get("announcer"));
    }

    public async Task<string[]> AskAsync(string question) =>
        [.. await emitter.To(Room).Timeout(TimeSpan.FromSeconds(30)).EmitWithAckAsync<string>("ask", question)];

    public async Task<int> MoveAsync(string room)
    {
        await emitter.In(Room).SocketsJoinAsync(room);
        return await emitter.RoomSizeAsync(room);
    }
}
