namespace OrleansRooms.Samples.Worker;

/// <summary>Where the news go and how often; the section <c>NewsDesk</c> of the configuration.</summary>
internal sealed class NewsDeskOptions
{
    public string Room { get; set; } = "lobby";

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);
}
