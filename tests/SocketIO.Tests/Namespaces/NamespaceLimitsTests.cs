using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Namespaces;

/// <summary>What clients can bring about with namespaces that they ask for, and what it leaves behind and in the logs.</summary>
public sealed partial class NamespaceLimitsTests
{
    private readonly TestServer _server = new();
    private readonly Inbox<string> _created = new(() => "the server");

    [Fact]
    public async Task Refused_LeavesNothingBehindAndBringsNothingAbout()
    {
        var adapters = new CountingFactory();
        var server = new TestServer(adapters: adapters);
        server.Io.NamespaceCreated += ns => _created.Add(ns.Name);
        var parent = server.Io.Of(DynamicName());
        var seen = new List<string[]>();
        parent.Use((socket, _) =>
        {
            seen.Add([.. socket.Rooms]);
            throw new ConnectErrorException("no");
        });
        var (client, before) = (server.Open(), adapters.Created);

        for (var i = 0; i < 1_000; i++)
        {
            client.Say($"40/dynamic-{i},");
            await client.ExpectAsync($$"""44/dynamic-{{i}},{"message":"no"}""");
            Assert.Empty(parent.Children);
        }

        Assert.Equal(1_000, seen.Count);
        Assert.All(seen, Assert.Empty);
        Assert.Equal(before, adapters.Created);
        Assert.Empty(_created.Waiting);
        Assert.Equal("/", Assert.Single(server.Io.Namespaces).Name);
        while (server.Server.Table.Find("/dynamic-999") is not null)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task NamespaceCreated_MiddlewaresThatItAdds_AreThereForTheFirstClient()
    {
        var passed = new List<string>();
        _server.Io.Of(DynamicName()).Use((_, next) =>
        {
            passed.Add("parent's");
            return next();
        });
        _server.Io.NamespaceCreated += ns => ns.Use((_, _) => throw new ConnectErrorException("not even you"));
        var client = _server.Open();

        client.Say("40/dynamic-1,");

        await client.ExpectAsync("""44/dynamic-1,{"message":"not even you"}""");
        Assert.Equal(["parent's"], passed);
    }

    [Fact]
    public async Task MaxChildNamespaces_IsForAllClientsTogether_CountedAndLoggedOnce()
    {
        var logs = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var server = new TestServer(o => o.MaxChildNamespaces = 2, loggers: loggers);
        server.Io.Of(DynamicName());
        using var refused = new MetricCollector<long>(
            TestServer.Meters, SocketIOMetrics.MeterName, "orleansrooms.socketio.connects.refused");
        var one = await server.ConnectAsync("/dynamic-1");
        var two = await server.ConnectAsync("/dynamic-2");
        await two.EnterAsync("/dynamic-1");

        two.Say("40/dynamic-3,");
        await two.ExpectAsync("""44/dynamic-3,{"message":"Too many namespaces"}""");
        two.Say("40/dynamic-4,");
        await two.ExpectAsync("""44/dynamic-4,{"message":"Too many namespaces"}""");

        Assert.Contains("MaxChildNamespaces", Assert.Single(Warnings(logs)), StringComparison.Ordinal);
        Assert.Contains(refused.GetMeasurementSnapshot(), measured => Equals(measured.Tags["limit"], "MaxChildNamespaces"));
        // The application may have as many as it likes.
        server.Io.Of("/dynamic-5");
        one.Say("41/dynamic-1,");
        two.Say("41/dynamic-1,", "41/dynamic-2,");
        while (server.Server.Table.Find("/dynamic-1") is not null)
        {
            await Task.Yield();
        }

        await one.EnterAsync("/dynamic-3");
    }

    [Fact]
    public async Task WithoutCleanup_OneConnectionMakesAsManyAsItMayHave()
    {
        var server = new TestServer(o => (o.CleanupEmptyChildNamespaces, o.MaxNamespacesPerConnection) = (false, 2));
        var parent = server.Io.Of(DynamicName());
        var client = await server.ConnectAsync("/dynamic-1");
        client.Say("41/dynamic-1,");
        await client.EnterAsync("/dynamic-2");
        client.Say("41/dynamic-2,");

        client.Say("40/dynamic-3,");

        await client.ExpectAsync("""44/dynamic-3,{"message":"Too many namespaces"}""");
        Assert.Equal(2, parent.Children.Count);
        await client.EnterAsync("/dynamic-1");
    }

    [Theory]
    [InlineData("event")]
    [InlineData("disconnect")]
    public async Task Cleanup_WaitsForHandlersThatMayStillEmit(string what)
    {
        var (connected, running, goOn) = (new TaskCompletionSource<ISocket>(), new TaskCompletionSource(), new TaskCompletionSource());
        var parent = _server.Io.Of(DynamicName());
        parent.OnConnection(socket =>
        {
            socket.On("event", (EventContext _) => what == "event" ? LastWordsAsync() : Task.CompletedTask);
            socket.OnDisconnect(_ => what == "disconnect" ? LastWordsAsync() : Task.CompletedTask);
            connected.TrySetResult(socket);

            async Task LastWordsAsync()
            {
                running.TrySetResult();
                await goOn.Task;
                await socket.Namespace.EmitAsync("last words");
            }
        });
        var (client, other) = (await _server.ConnectAsync("/dynamic-1"), _server.Open());
        client.Say("""42/dynamic-1,["event"]""");
        await (what == "event" ? running.Task : Task.CompletedTask);

        await (await connected.Task).DisconnectAsync();

        Assert.Same((await connected.Task).Namespace, Assert.Single(parent.Children));
        await other.EnterAsync("/dynamic-1");
        goOn.SetResult();
        await other.ExpectAsync("""42/dynamic-1,["last words"]""");
        other.Say("41/dynamic-1,");
        while (parent.Children.Count > 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task CleanedUp_WhatCodeStillEmitsReachesThoseWhoMadeItAnew()
    {
        var parent = _server.Io.Of(DynamicName());
        var (client, other) = (await _server.ConnectAsync("/dynamic-1"), _server.Open());
        var former = Assert.Single(parent.Children);
        client.Say("41/dynamic-1,");
        while (parent.Children.Count > 0)
        {
            await Task.Yield();
        }

        await former.EmitAsync("to nobody");
        await other.EnterAsync("/dynamic-1");
        await former.EmitAsync("hello");
        Assert.Equal(other.SocketIds["/dynamic-1"], Assert.Single(await former.FetchSocketsAsync()).Id);

        await other.ExpectAsync("""42/dynamic-1,["hello"]""");
        Assert.NotSame(former, Assert.Single(parent.Children));
    }

    [Fact]
    public async Task MadeByTheApplication_StaysWhenItsLastClientHasLeft()
    {
        var parent = _server.Io.Of(DynamicName());
        var child = _server.Io.Of("/dynamic-7");
        var left = new TaskCompletionSource();
        child.OnConnection(socket => { socket.OnDisconnect(_ => left.SetResult()); });
        var client = await _server.ConnectAsync("/dynamic-7");

        client.Say("41/dynamic-7,");
        await left.Task;
        await client.EnterAsync("/dynamic-7");

        Assert.Same(child, Assert.Single(parent.Children));
    }

    [Fact]
    public async Task WithRecovery_TheNamespaceStaysUntilNobodyCanComeBack()
    {
        var time = new FakeTimeProvider();
        var server = new TestServer(o => o.ConnectionStateRecovery = new() { MaxDisconnectionDuration = TimeSpan.FromMinutes(1) }, time);
        var parent = server.Io.Of(DynamicName());
        var gone = new TaskCompletionSource();
        parent.OnConnection(socket => { socket.OnDisconnect(_ => gone.TrySetResult()); });
        var client = server.Open();
        client.Say("40/dynamic-1,");
        var identity = JsonDocument.Parse((await client.NextAsync())["40/dynamic-1,".Length..]).RootElement;
        await server.Io.Of("/dynamic-1").EmitAsync("seen");
        var offset = JsonDocument.Parse((await client.NextAsync())["42/dynamic-1,".Length..]).RootElement[1].GetString();

        client.End();
        await gone.Task;
        var returned = server.Open();
        returned.Say($$"""40/dynamic-1,{"pid":"{{identity.GetProperty("pid").GetString()}}","offset":"{{offset}}"}""");

        Assert.Contains(identity.GetProperty("sid").GetString()!, await returned.NextAsync(), StringComparison.Ordinal);
        returned.End();
        while (parent.Children.Count > 0)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task TooManyNamespaces_LogsOneLineForAConnection_CutAndEscaped()
    {
        var logs = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var server = new TestServer(o => o.MaxNamespacesPerConnection = 1, loggers: loggers);
        var client = await server.ConnectAsync();

        for (var i = 0; i < 100; i++)
        {
            client.Say($"40/\u001b[31m{new string('x', 10_000)},");
            Assert.StartsWith("44/", await client.NextAsync(), StringComparison.Ordinal);
        }

        var line = Assert.Single(Warnings(logs));
        Assert.InRange(line.Length, 1, 500);
        Assert.DoesNotContain('\u001b', line);
        Assert.Contains("MaxNamespacesPerConnection", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailuresThatOneClientCausesAgainAndAgain_AreLoggedAFewTimes()
    {
        var logs = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var server = new TestServer(loggers: loggers);
        server.Io.Of((request, _) =>
                request.Name.StartsWith("/odd", StringComparison.Ordinal) ? throw new InvalidOperationException("odd") : new(true))
            .Use((_, _) => throw new InvalidOperationException("broken"));
        var client = server.Open();

        for (var i = 0; i < 100; i++)
        {
            client.Say($"40/odd-{i},");
            await client.NextAsync();
            client.Say($"40/even-{i},");
            await client.NextAsync();
        }

        Assert.Equal(10, logs.Collector.GetSnapshot().Count(record => record.Level == LogLevel.Error));
    }

    [Fact]
    public async Task Client_CountsAsLetInWhenItHasEntered()
    {
        _server.Io.Of("/closed").Use((_, _) => throw new ConnectErrorException("no"));
        var client = _server.Open();

        client.Say("40/closed,");
        await client.NextAsync("44/closed");
        Assert.False(client.IsAdmitted);
        await client.EnterAsync("/");
        Assert.True(client.IsAdmitted);
    }

    private static IEnumerable<string> Warnings(FakeLoggerProvider logs) =>
        logs.Collector.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message);

    [GeneratedRegex(@"^/dynamic-\d+$")]
    private static partial Regex DynamicName();

    private sealed class CountingFactory : Adapters.IAdapterFactory
    {
        public int Created { get; private set; }

        public Adapters.IAdapter Create(Adapters.IAdapterNamespace ns)
        {
            Created++;
            return new StandInAdapters().Create(ns);
        }
    }
}
