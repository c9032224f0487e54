using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.EngineIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Handlers;

/// <summary>Namespaces that are classes, and middlewares that are.</summary>
public sealed class HandlerTests : IDisposable
{
    private readonly Journal _journal = new();
    private readonly ServiceProvider _services;
    private readonly TestServer _server;

    public HandlerTests()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddAuthorization()
            .AddSingleton(_journal)
            .AddScoped<PerCall>()
            .AddKeyedSingleton("euro", new Currency("EUR"))
            .AddSingleton(new Currency("USD"))
            .BuildServiceProvider(validateScopes: true);
        _server = new TestServer(services: _services);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Connection_GoesThroughConnectingConnectedAndDisconnected()
    {
        _server.Io.Of("/shop").UseHandler<ShopNamespace>();
        var client = _server.Open();

        client.Say("40/shop,");
        await client.ExpectAsync("""44/shop,{"message":"no name"}""");
        await client.EnterAsync("/shop", """{"name":"eve"}""");
        await _journal.ExpectAsync("connecting null False", "connecting eve False", "connected eve True");

        client.Say("41/shop,");
        await _journal.ExpectAsync("disconnected eve ClientNamespaceDisconnect False");
    }

    [Fact]
    public async Task Event_ReturnValues_AreAcks()
    {
        var client = await EnterAsync();

        client.Say(
            """42/shop,1["add",1,2]""", """42/shop,2["add soon",1,2]""", """42/shop,3["nothing"]""", """42/shop,4["no result"]""",
            """42/shop,5["add later",1,2]""");

        await client.ExpectAsync("43/shop,1[3]", "43/shop,2[3]", "43/shop,5[3]");
    }

    [Fact]
    public async Task Event_Parameters_ComeFromTheSocketTheServicesAndTheArguments()
    {
        var client = await EnterAsync();

        client.Say("""42/shop,1["everything","text",{"x":3},[4]]""");
        await client.ExpectAsync($"""43/shop,1["text 3 4 /shop {client.SocketIds["/shop"]} USD EUR everything True"]""");

        client.Say("""42/shop,2["defaults"]""", """42/shop,3["defaults",5,null,2]""");
        await client.ExpectAsync("""43/shop,2["10 null Monday 7"]""", """43/shop,3["5 null Tuesday 7"]""");
    }

    [Fact]
    public async Task Event_Binary_IsAnArgumentLikeAnyOther()
    {
        var client = await EnterAsync();

        client.Say("""451-/shop,1["size",{"_placeholder":true,"num":0}]""");
        client.Say([1, 2, 3]);

        await client.ExpectAsync("43/shop,1[3]");
    }

    [Fact]
    public async Task Event_OfWrongArguments_GoesToTheErrorListeners()
    {
        var errors = new Inbox<string>(() => "the error listeners");
        _server.Io.Of("/shop").OnConnection(socket => socket.OnError(exception => errors.Add(exception.GetType().Name)));
        var client = await EnterAsync();

        client.Say("""42/shop,1["add",{},2]""", """42/shop,2["fail"]""", """42/shop,3["add",1,1]""");

        await client.ExpectAsync("43/shop,3[2]");
        Assert.Equal(nameof(EventArgumentException), await errors.TakeAsync(_ => true, "wrong arguments"));
        Assert.Equal(nameof(DivideByZeroException), await errors.TakeAsync(_ => true, "the failure"));
    }

    [Fact]
    public async Task Event_EachCall_HasItsInstanceAndScope()
    {
        _server.Io.UseHandler<CountingNamespace>();
        var client = await _server.ConnectAsync();

        client.Say("""421["count"]""");
        await client.ExpectAsync("431[1]");
        await _journal.ExpectAsync("handler disposed", "scope ended");

        client.Say("""422["count"]""");
        await client.ExpectAsync("432[1]");
        await _journal.ExpectAsync("handler disposed", "scope ended");
    }

    [Fact]
    public async Task Events_OfOneSocket_BeginInOrder()
    {
        var client = await EnterAsync();

        client.Say("""42/shop,["append",0]""", """42/shop,["append",1]""", """42/shop,["append",2]""", """42/shop,9["last"]""");

        await client.ExpectAsync("43/shop,9[true]");
        await _journal.ExpectAsync("0", "1", "2");
    }

    [Fact]
    public async Task Event_IsAlsoHandledByTheSocketsOwnHandlersAndSeenByMiddlewares()
    {
        _server.Io.Of("/shop").OnConnection(socket =>
        {
            socket.Use((packet, next) =>
            {
                packet.EventName = packet.EventName == "plus" ? "add" : packet.EventName;
                return next();
            });
            socket.On("add", () => _journal.Add("own handler"));
        });
        var client = await EnterAsync();

        client.Say("""42/shop,1["plus",1,2]""");

        await client.ExpectAsync("43/shop,1[3]");
        await _journal.ExpectAsync("own handler");
    }

    [Fact]
    public async Task Authorize_OnAMethod_HoldsTheEventBack()
    {
        var errors = new Inbox<string>(() => "the error listeners");
        _server.Io.Of("/shop").OnConnection(socket => socket.OnError(exception => errors.Add(exception.Message)));
        var client = await EnterAsync();

        client.Say("""42/shop,1["close shop"]""", """42/shop,2["last"]""");

        await client.ExpectAsync("43/shop,2[true]");
        Assert.Equal(
            $"""The user of socket {client.SocketIds["/shop"]} may not send "close shop".""",
            await errors.TakeAsync(_ => true, "the refusal"));
    }

    [Fact]
    public async Task Authorize_OnAMethod_LetsTheRightUserPass()
    {
        _server.Io.Of("/shop").Authenticate((_, _) => ValueTask.FromResult<ClaimsPrincipal?>(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, "owner")], "test"))));
        var client = await EnterAsync();

        client.Say("""42/shop,1["close shop"]""");

        await client.ExpectAsync("43/shop,1[true]");
    }

    [Fact]
    public async Task Handler_OfDynamicNamespaces_WorksInEachOfThem()
    {
        _server.Io.Of((request, _) => ValueTask.FromResult(request.Name.StartsWith("/shop-", StringComparison.Ordinal)))
            .UseHandler<ShopNamespace>();
        var client = _server.Open();
        await client.EnterAsync("/shop-1", """{"name":"eve"}""");
        await client.EnterAsync("/shop-2", """{"name":"eve"}""");

        client.Say("""42/shop-1,1["where"]""");
        await client.ExpectAsync("""43/shop-1,1["/shop-1"]""");
        client.Say("""42/shop-2,1["where"]""");
        await client.ExpectAsync("""43/shop-2,1["/shop-2"]""");
    }

    [Fact]
    public async Task Connecting_ClientLeaves_TokenIsCancelledAndNothingIsLogged()
    {
        _server.Io.Of("/slow").UseHandler<SlowNamespace>();
        var left = new TaskCompletionSource();
        _server.Io.Of("/slow").Adapter.RoomDeleted += _ => left.SetResult();
        var client = _server.Open();
        client.Say("40/slow,");
        await _journal.ExpectAsync("waiting");

        client.End(CloseReason.TransportClose);

        await _journal.ExpectAsync("cancelled");
        await left.Task.WaitAsync(Inbox<string>.DefaultTimeout);
        Assert.Empty(_server.Io.Of("/slow").Adapter.Rooms);
    }

    [Fact]
    public async Task Middleware_AsAClass_IsMadeForEveryClient()
    {
        _server.Io.Use<CountingMiddleware>().Use<CountingMiddleware>();
        _server.Io.OnConnection(_ => _journal.Add("connected"));

        await _server.ConnectAsync();

        await _journal.ExpectAsync("before 1", "before 1", "scope ended", "scope ended", "connected");
    }

    private async Task<TestClient> EnterAsync()
    {
        _server.Io.Of("/shop").UseHandler<ShopNamespace>();
        var client = _server.Open();
        await client.EnterAsync("/shop", """{"name":"eve"}""");
        await _journal.ExpectAsync("connecting eve False", "connected eve True");
        return client;
    }

    internal sealed class Journal
    {
        private readonly Inbox<string> _entries = new(() => "the journal");

        public void Add(string entry) => _entries.Add(entry);

        public async Task ExpectAsync(params string[] entries)
        {
            foreach (var entry in entries)
            {
                Assert.Equal(entry, await _entries.TakeAsync(_ => true, entry));
            }
        }
    }

    internal sealed class PerCall(Journal journal) : IDisposable
    {
        public int Uses { get; set; }

        public void Dispose() => journal.Add("scope ended");
    }

    internal sealed record Currency(string Code);

    internal sealed class CountingMiddleware(PerCall perCall, Journal journal) : IConnectionMiddleware
    {
        public Task InvokeAsync(ISocket socket, Func<Task> next)
        {
            journal.Add($"before {++perCall.Uses}");
            return next();
        }
    }

    internal sealed class CountingNamespace(PerCall perCall, Journal journal) : SocketIONamespaceHandler, IDisposable
    {
        [SocketEvent("count")]
        public async Task<int> CountAsync()
        {
            await Task.Yield();
            return ++perCall.Uses;
        }

        public void Dispose() => journal.Add("handler disposed");
    }

    internal sealed class SlowNamespace(Journal journal) : SocketIONamespaceHandler
    {
        public override async ValueTask OnConnectingAsync(ISocket socket, CancellationToken cancellationToken)
        {
            await socket.JoinAsync("left behind?", cancellationToken);
            journal.Add("waiting");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                journal.Add("cancelled");
            }
        }
    }

    internal sealed class ShopNamespace(Journal journal) : SocketIONamespaceHandler
    {
        public override ValueTask OnConnectingAsync(ISocket socket, CancellationToken cancellationToken)
        {
            var name = socket.Handshake.Auth.GetString("name");
            journal.Add($"connecting {name ?? "null"} {socket.Connected}");
            socket.Data.Set("name", name);
            return name is null ? throw new ConnectErrorException("no name") : default;
        }

        public override async Task OnConnectedAsync(ISocket socket)
        {
            await Task.CompletedTask;
            journal.Add($"connected {socket.Data.Get<string>("name")} {socket.Connected}");
        }

        public override Task OnDisconnectedAsync(ISocket socket, DisconnectReason reason, string? description)
        {
            journal.Add($"disconnected {socket.Data.Get<string>("name")} {reason} {socket.Connected}");
            return Task.CompletedTask;
        }

        [SocketEvent("add")]
        public static int Add(int a, int b) => a + b;

        [SocketEvent("add later")]
        public static async Task<int> AddLaterAsync(int a, int b)
        {
            await Task.Yield();
            return a + b;
        }

        [SocketEvent("add soon")]
        public static ValueTask<int> AddSoonAsync(int a, int b) => ValueTask.FromResult(a + b);

        [SocketEvent("nothing")]
        [SocketEvent("no result")]
        public static Task NothingAsync() => Task.CompletedTask;

        [SocketEvent("last")]
        public static bool Last() => true;

        [SocketEvent("fail")]
        public static void Fail() => throw new DivideByZeroException();

        [SocketEvent("append")]
        public void Append(int n) => journal.Add($"{n}");

        [SocketEvent("size")]
        public static int Size(byte[] bytes) => bytes.Length;

        [SocketEvent("where")]
        public static string Where(INamespace ns) => ns.Name;

        [SocketEvent("everything")]
        public static string Everything(
            INamespace ns, string text, ISocket socket, Point point, Currency currency, [FromKeyedServices("euro")] Currency euro,
            IEnumerable<int> numbers, EventContext context, [FromServices] PerCall perCall, CancellationToken disconnected) =>
            $"{text} {point.X} {numbers.Single()} {ns.Name} {socket.Id} {currency.Code} {euro.Code} {context.EventName} " +
            $"{perCall.Uses == 0 && disconnected.CanBeCanceled}";

        [SocketEvent("defaults")]
        public static string Defaults(int page = 10, int? size = null, DayOfWeek day = DayOfWeek.Monday, int? limit = 7) =>
            $"{page} {size?.ToString() ?? "null"} {day} {limit}";

        [SocketEvent("close shop")]
        [Authorize(Roles = "owner")]
        public static bool CloseShop() => true;
    }

    internal sealed record Point(int X);
}
