using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// What one client can make a server process keep, seen from outside of it, and a stock client beside it that misses nothing.
/// </summary>
public sealed class OneClientsBytesTests : IAsyncLifetime
{
    private const long Megabyte = 1_000_000;

    private NodeUnderTest _node = null!;
    private JsClients _js = null!;
    private NodeClient _bystander = null!;
    private int _asked;

    public async Task InitializeAsync()
    {
        _js = JsClients.Start();
        _node = await NodeUnderTest.WhenReadyAsync(
            Programs.Start(["tests", "NodeProgram"], "OrleansRooms.NodeProgram", "--name", "alone", "--alone", "true"), "alone",
            "listening at ");
        _bystander = await ConnectBystanderAsync();
    }

    public async Task DisposeAsync()
    {
        await _js.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task DynamicNamespaces_ThatAMiddlewareRefuses_LeaveNothing()
    {
        const int Namespaces = 60_000, AtATime = 50;
        await using var client = await RawWebSocket.OpenAndJoinAsync(Address);
        await RefuseAsync(client, 0, AtATime);
        var before = await HeapAsync();

        for (var first = AtATime; first < Namespaces; first += AtATime)
        {
            await RefuseAsync(client, first, AtATime);
            if (first % 5_000 == 0) await BystanderIsServedAsync();
        }

        Assert.InRange(await HeapAsync() - before, long.MinValue, 10 * Megabyte);
        Assert.Equal(1, await _bystander.AskAsync<int>("namespaces"));
    }

    [Fact]
    public async Task EventsWhoseHandlersRun_CountForTheirClientUntilTheyHaveCompleted()
    {
        const int Events = 60;
        var before = await HeapAsync();
        await using var client = await RawWebSocket.OpenAndJoinAsync(Address);

        var sending = SendAsync(client, Events);
        var held = 0;
        for (var same = 0; same < 10; same++)
        {
            var now = await _bystander.AskAsync<int>("held");
            if (now > held) (held, same) = (now, 0);
        }

        // Eight MiB and what is on its way, of sixty megabytes.
        Assert.InRange(held, 1, 15);
        Assert.InRange(await HeapAsync() - before, long.MinValue, 25 * Megabyte);
        await BystanderIsServedAsync();

        await _bystander.AskAsync<object>("let go");
        await sending;
        await _bystander.AskUntilAsync<int>(all => all == Events, "held");
        Assert.InRange(await HeapAsync() - before, long.MinValue, 10 * Megabyte);
    }

    [Fact]
    public async Task SmallEventsInLargeBodies_KeepNoBodies()
    {
        const int Bodies = 100;
        using var client = await RawPolling.OpenAsync(Address);
        await client.SendAsync("40");
        var before = await HeapAsync();
        var filling = "4" + "2[\"unheard\",\"" + new string('x', 900_000) + "\"]";

        for (var i = 0; i < Bodies; i++) await client.SendAsync("42[\"hold\"]", filling);

        Assert.Equal(Bodies, await _bystander.AskAsync<int>("held"));
        Assert.InRange(await HeapAsync() - before, long.MinValue, 15 * Megabyte);
        await BystanderIsServedAsync();
    }

    [Fact]
    public async Task HandshakesThatNobodyGoesOnWith_AreLimitedForTheirAddressAlone()
    {
        const int Connections = 20, ForEach = 150, Limit = 2_000, Headers = 24_000;
        var before = await HeapAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => OpenAsync(ForEach, Headers)));

        var all = statuses.SelectMany(status => status).ToArray();
        Assert.Equal(Limit, all.Count(status => status == HttpStatusCode.OK));
        Assert.Equal((Connections * ForEach) - Limit, all.Count(status => status == HttpStatusCode.TooManyRequests));
        await _node.Process.NextLineAsync("MaxPendingSessionsPerAddress");
        Assert.DoesNotContain(
            "MaxPendingSessionsPerAddress", AfterFirst(_node.Process.Output, "MaxPendingSessionsPerAddress"), StringComparison.Ordinal);

        // The headers as they came, and little else.
        Assert.InRange(await HeapAsync() - before, long.MinValue, Limit * (Headers + 12_000L));
        await BystanderIsServedAsync();
        var another = await ConnectBystanderAsync();
        await another.AskAsync<int>("here");
    }

    private Uri Address => new(_node.Url);

    private static string AfterFirst(string output, string text) =>
        output[(output.IndexOf(text, StringComparison.Ordinal) + text.Length)..];

    private static async Task RefuseAsync(RawWebSocket client, int first, int count)
    {
        for (var i = first; i < first + count; i++) await client.SendAsync($"40/refused-{i},");
        for (var i = first; i < first + count; i++)
        {
            var answer = await client.NextAsync();
            Assert.StartsWith("44/refused-", answer.Text, StringComparison.Ordinal);
        }
    }

    private static async Task SendAsync(RawWebSocket client, int events)
    {
        var text = "42[\"hold\",\"" + new string('x', 990_000) + "\"]";
        for (var i = 0; i < events; i++) await client.SendAsync(text);
    }

    // All on one connection, from another address than the bystander's.
    private async Task<HttpStatusCode[]> OpenAsync(int sessions, int headers)
    {
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = Address };
        var value = new string('h', headers / 4);
        var statuses = new HttpStatusCode[sessions];
        for (var i = 0; i < sessions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling");
            for (var header = 0; header < 4; header++) request.Headers.Add($"X-Filling-{header}", value);
            using var response = await http.SendAsync(request);
            statuses[i] = response.StatusCode;
        }

        return statuses;
    }

    private async Task<NodeClient> ConnectBystanderAsync()
    {
        var js = await _js.ConnectAsync(_node.Url, new { transports = new[] { "websocket" }, reconnection = false });
        return new NodeClient(js, _node, (await js.StateAsync()).Id!);
    }

    private Task<long> HeapAsync() => _bystander.AskAsync<long>("heap");

    private async Task BystanderIsServedAsync()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{++_asked}");
        await _bystander.AskAsync<object>("say", _bystander.Id, text, 1);
        await _bystander.SaidAsync(_node, text);
        Assert.DoesNotContain(_bystander.Js.Waiting, e => e.Name == "disconnect");
    }
}
