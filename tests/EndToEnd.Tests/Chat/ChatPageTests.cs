using OrleansRooms.TestKit.Browsers;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>The chat's page in a real browser, two people on two nodes.</summary>
[Collection(ChatCluster.Collection)]
public sealed class ChatPageTests(ChatCluster cluster)
{
    [ChromiumFact]
    public async Task Page_TwoPeopleOnTwoNodes_SeeMessagesNodesAndMembers()
    {
        var room = cluster.NewRoom();
        await using var browser = await Browser.LaunchAsync();
        var ada = await browser.OpenAsync($"{cluster.First.Url}/?room={room}");
        var ben = await browser.OpenAsync($"{cluster.Second.Url}/?room={room}");
        await ada.WaitForTextAsync("#state", "first over WebSocket");
        await ben.WaitForTextAsync("#state", "second over WebSocket");

        await JoinAsync(ada, "Ada", room);
        await ada.WaitForTextAsync(".members", "1 member");
        await JoinAsync(ben, "Ben", room);
        await ada.WaitForTextAsync(".members", "2 members");
        await ben.WaitForTextAsync(".members", "2 members");

        await SayAsync(ada, "Hello, is anybody on the other node?");
        await ben.WaitForTextAsync("#log li", "Hello, is anybody on the other node?");
        await SayAsync(ben, "I hear you <b>well</b>");
        await ada.WaitForTextAsync("#log li", "I hear you <b>well</b>");
        Assert.Equal("second", await ada.TextAsync("#log li:last-child .node"));
        Assert.Equal("first", await ben.TextAsync("#log li:first-child .node"));

        await ben.ClickAsync("#leave");
        await ada.WaitForTextAsync(".members", "1 member");

        Assert.Empty(ada.Errors);
        Assert.Empty(ben.Errors);
    }

    [ChromiumFact]
    public async Task Page_NodeRestarts_JoinsItsRoomAgain()
    {
        var room = cluster.NewRoom();
        await using var browser = await Browser.LaunchAsync();
        var port = FreePorts.Take(1)[0];
        await using var node = await ChatProcesses.StartNodeAsync("restarting", cluster.GatewayPort, port);
        var page = await browser.OpenAsync($"{node.Url}/?room={room}");
        await page.WaitForTextAsync("#state", "restarting over WebSocket");
        await JoinAsync(page, "Ada", room);
        var ben = await cluster.JoinAsync(cluster.First, room, "Ben");
        await page.WaitForTextAsync(".members", "2 members");

        node.Process.Signal(ProcessSignal.Kill);
        await page.WaitForTextAsync("#state", "Lost restarting");
        await using var again = await ChatProcesses.StartNodeAsync("restarting", cluster.GatewayPort, port);
        await page.WaitForTextAsync("#state", "restarting over WebSocket");
        await page.WaitForTextAsync("#log li", "Connected to restarting again");
        await page.WaitForTextAsync(".members", "2 members");
        await ben.EmitWithAckAsync("message", new { room, text = "Welcome back" });
        await page.WaitForTextAsync("#log li", "Welcome back");

        again.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await again.Process.WaitForExitAsync());
    }

    private static async Task JoinAsync(BrowserPage page, string name, string room)
    {
        await page.FillAsync("#name", name);
        await page.ClickAsync("#join button");
        await page.WaitForTextAsync("#title", room);
    }

    private static async Task SayAsync(BrowserPage page, string text)
    {
        await page.FillAsync("#text", text);
        await page.PressAsync("#text", "Enter");
    }
}
