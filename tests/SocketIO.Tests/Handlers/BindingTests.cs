using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Handlers;

/// <summary>Handlers that are delegates: what their parameters get, what is answered, and what is refused where they are
/// registered.</summary>
public sealed class BindingTests : IDisposable
{
    private readonly Inbox<string> _journal = new(() => "the journal");
    private readonly ServiceProvider _services;
    private readonly TestServer _server;

    public BindingTests()
    {
        _services = new ServiceCollection()
            .AddScoped(_ => new PerCall(_journal))
            .AddSingleton<IGreeter>(new Greeter("hello"))
            .AddKeyedSingleton<IGreeter>("polite", new Greeter("good day"))
            .BuildServiceProvider(validateScopes: true);
        _server = new TestServer(services: _services);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task On_LambdaThatNamesItsTypes_IsCalledWithArgumentsAndAnswers()
    {
        var answers = await AskAsync(
            socket =>
            {
                socket.On("0", (int a, int b) => a + b);
                socket.On("1", async (int a, int b) =>
                {
                    await Task.Yield();
                    return a * b;
                });
                socket.On("2", Subtract);
                socket.On("3", (int a, int b = 40) => a + b);
                socket.On("4", (int a, int b, int c, int d, int e, int f, int g, int h, int i) => a + b + c + d + e + f + g + h + i);
                socket.On("5", (Func<object, string>)(value => $"{value}"));
                socket.On("6", new Greeter("extended").Greet);
                socket.Once("7", (string text) => ValueTask.FromResult(text.Length));
            },
            "[1,2]", "[2,3]", "[5,1]", "[2]", "[1,1,1,1,1,1,1,1,1]", "[\"x\"]", "[\"eve\"]", "[\"four\"]");

        Assert.Equal(["[3]", "[6]", "[4]", "[42]", "[9]", "[\"x\"]", "[\"extended eve\"]", "[4]"], answers);

        static int Subtract(int a, int b) => a - b;
    }

    [Fact]
    public async Task On_TypeGivenInFront_IsCalledWithTheArgument()
    {
        var answers = await AskAsync(
            socket =>
            {
                socket.On<int, int>("0", n => n * 2);
                socket.On<string, object>("1", async text => await Task.FromResult(text.Length));
                socket.On<string>("2", text => _journal.Add(text));
                socket.On<string>("3", text => socket.EmitAsync("echo", text));
                socket.On<string>("4", async text => await socket.EmitAsync("echo", text));
                socket.On("5", () => 1);
            },
            "[4]", "[\"four\"]", null, null, null, "[]");

        Assert.Equal(["[8]", "[4]", "[1]"], answers);
    }

    [Fact]
    public async Task On_HandlerWithServices_GetsThemFromAScopeThatEndsWithTheCall()
    {
        var answers = await AskAsync(
            socket =>
            {
                socket.On("0", async (string name, IGreeter greeter, PerCall perCall) =>
                {
                    await Task.Yield();
                    return $"{greeter.Greet(name)} {++perCall.Uses}";
                });
                socket.On("1", ([FromKeyedServices("polite")] IGreeter greeter, [FromServices] PerCall perCall, string name) =>
                    $"{greeter.Greet(name)} {++perCall.Uses}");
            },
            "[\"eve\"]", "[\"eve\"]");

        Assert.Equal(["[\"hello eve 1\"]", "[\"good day eve 1\"]"], answers);
        Assert.Equal(["scope ended", "scope ended"], [await NextEntryAsync(), await NextEntryAsync()]);
    }

    [Fact]
    public async Task On_HandlerWithAToken_IsCancelledWhenTheSocketDisconnects()
    {
        _server.Io.OnConnection(socket => socket.On("wait", async (CancellationToken disconnected, string text) =>
        {
            _journal.Add(text);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, disconnected)
                .ContinueWith(_ => _journal.Add("cancelled"), TaskScheduler.Default);
        }));
        var client = await _server.ConnectAsync();
        client.Say("""42["wait","waiting"]""");
        Assert.Equal("waiting", await NextEntryAsync());

        client.End();

        Assert.Equal("cancelled", await NextEntryAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bind_CompiledOrThroughReflection_IsTheSame(bool compiles)
    {
        var binder = new HandlerBinder(_services, new PacketSerializer(), compiles);
        Delegate[] handlers =
        [
            (
                ISocket socket, IRemoteSocket same, INamespace ns, EventContext context, IncomingEvent received,
                CancellationToken disconnected, int n) =>
                $"{socket == same} {ns.Name} {context == received} {disconnected.CanBeCanceled} {n}",
            (int? a = 7, DayOfWeek? day = DayOfWeek.Monday, string b = "b", decimal c = 1.5m, DateTime d = default) =>
                string.Create(CultureInfo.InvariantCulture, $"{a} {day} {b} {c} {d == default}"),
            (IGreeter greeter, string name) => greeter.Greet(name),
            async (int n) =>
            {
                await Task.Yield();
                return n;
            },
            (int n) => ValueTask.FromResult(n),
            (int n) => Task.FromResult<object>(n),
            (EventContext context) => context.AckAsync("itself"),
            async (EventContext context) => await context.AckAsync("later"),
            (EventContext context) => { _ = context.AckAsync("done").AsTask(); },
        ];
        var answers = await AskAsync(
            socket =>
            {
                for (var i = 0; i < handlers.Length; i++) socket.On($"{i}", binder.Bind<EventContext>(handlers[i]));
            },
            "[5]", "[]", "[\"eve\"]", "[1]", "[2]", "[3]", "[]", "[]", "[]");

        Assert.Equal(
            [
                "[\"True / True True 5\"]", "[\"7 Monday b 1.5 True\"]", "[\"hello eve\"]", "[1]", "[2]", "[3]", "[\"itself\"]",
                "[\"later\"]", "[\"done\"]",
            ],
            answers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bind_CompiledOrThroughReflection_ThrowsWhatTheHandlerThrows(bool compiles)
    {
        var binder = new HandlerBinder(_services, new PacketSerializer(), compiles);
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(exception => _journal.Add(exception.GetType().Name));
            socket.On("divide", binder.Bind<EventContext>((int a, int b) => a / b));
        });
        var client = await _server.ConnectAsync();

        client.Say("""421["divide",1,0]""", """422["divide",1,"x"]""");

        Assert.Equal(nameof(DivideByZeroException), await NextEntryAsync());
        Assert.Equal(nameof(EventArgumentException), await NextEntryAsync());
    }

    public static TheoryData<string, Delegate> Mistakes => new()
    {
        { "has a parameter \"a\" by reference or of variable number: take the arguments one by one", (in int a) => a },
        {
            "has a parameter \"all\" by reference or of variable number: take the arguments one by one",
            (params string[] all) => all.Length
        },
        { "is async void, so nobody would see it fail: return a Task", (Action<int>)(async _ => await Task.Yield()) },
        { "returns a stream, and an answer is one value", () => AsyncEnumerable.Empty<int>() },
        { "returns a tuple, which JSON writes as {}", (int a) => Task.FromResult((a, a)) },
        {
            "has a parameter \"uri\" that needs a System.Uri, which is not among the services: add it to builder.Services",
            ([FromServices] Uri uri) => 1
        },
        {
            "has a parameter \"greeter\" that needs a OrleansRooms.SocketIO.Tests.Handlers.BindingTests+IGreeter, which is not among " +
            "the services",
            ([FromKeyedServices("rude")] IGreeter greeter) => 1
        },
        {
            "has a parameter \"clock\" that asks for a System.Collections.IComparer, which is no service",
            (System.Collections.IComparer clock) => 1
        },
        { "has a parameter \"callback\" that asks for a System.Action, which is no service", (Action callback) => 1 },
        {
            "has a parameter \"e\" that asks for a ServerEventContext, which this kind of event does not come with",
            (ServerEventContext e) => 1
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task On_WhatCannotBeBound_IsRefusedWhereItIsRegistered(string sentence, Delegate handler)
    {
        var thrown = new TaskCompletionSource<ArgumentException>();
        _server.Io.OnConnection(socket => thrown.SetResult(Assert.Throws<ArgumentException>(() => socket.On("e", handler))));
        await _server.ConnectAsync();

        Assert.StartsWith(
            $"The handler {sentence}", (await thrown.Task.WaitAsync(Inbox<int>.DefaultTimeout)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnServerEvent_WhatOtherServersDoNotSend_IsRefused()
    {
        Assert.All(
            new Delegate[] { (ISocket socket) => 1, (CancellationToken token) => 1, (EventContext context) => 1 },
            handler => Assert.Contains(
                "which this kind of event does not come with: leave it out",
                Assert.Throws<ArgumentException>(() => _server.Io.OnServerEvent("e", handler)).Message,
                StringComparison.Ordinal));

        _server.Io.OnServerEvent("e", (ServerEventContext context, INamespace ns, IGreeter greeter, int n) => n).Dispose();
        _server.Io.OnServerEvent<int>("e", n => Assert.Equal(1, n)).Dispose();
    }

    [Fact]
    public void Registration_WithTypedParameters_IsAnnotatedForTrimming()
    {
        var registrations = new[] { typeof(ISocket), typeof(INamespace), typeof(SocketOnExtensions), typeof(ServerEventExtensions) }
            .SelectMany(type => type.GetMethods())
            .Where(method => method.Name is "On" or "Once" or "OnServerEvent" && !TakesTheEventAlone(method))
            .ToArray();

        Assert.Equal(18, registrations.Length);
        Assert.All(registrations, method => Assert.True(method.IsDefined(typeof(RequiresUnreferencedCodeAttribute)), $"{method}"));
    }

    private static bool TakesTheEventAlone(MethodInfo method) =>
        method.GetParameters()[^1].ParameterType is { IsGenericType: true } type
            && typeof(IncomingEvent).IsAssignableFrom(type.GetGenericArguments()[0]);

    private Task<string> NextEntryAsync() => _journal.TakeAsync(_ => true, "the next entry");

    /// <summary>Asks the events "0", "1" and so on, with arguments as JSON or not at all, and takes the answers.</summary>
    private async Task<List<string>> AskAsync(Action<ISocket> register, params string?[] arguments)
    {
        _server.Io.OnConnection(register);
        var client = await _server.ConnectAsync();
        List<string> answers = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not { } values) continue;
            client.Say($"42{i}[\"{i}\"{(values == "[]" ? "]" : "," + values[1..])}");
            answers.Add((await client.NextAsync($"43{i}"))[3..]);
        }

        return answers;
    }

    internal interface IGreeter
    {
        string Greet(string name);
    }

    internal sealed class Greeter(string word) : IGreeter
    {
        public string Greet(string name) => $"{word} {name}";
    }

    internal sealed class PerCall(Inbox<string> journal) : IDisposable
    {
        public int Uses { get; set; }

        public void Dispose() => journal.Add("scope ended");
    }
}
