using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient;
using OrleansRooms.Emitter;
using OrleansRooms.EngineIO;
using OrleansRooms.Membership;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

/// <summary>What pages list completely is complete.</summary>
public sealed partial class PageTests
{
    private static readonly Assembly[] Libraries =
    [
        typeof(EngineIOServer).Assembly, typeof(ISocketIOServer).Assembly, typeof(OrleansAdapterOptions).Assembly,
        typeof(ClusterState).Assembly,
        typeof(IClusterNode).Assembly, typeof(ISocketIOEmitter).Assembly,
    ];

    public static TheoryData<string> PageNames =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Combine("docs/socketio"), "*.md").Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(PageNames))]
    public void Index_LeadsToThePage(string page)
    {
        if (page != "README.md")
        {
            Assert.Contains($"]({page})", Documents.Read("docs/socketio/README.md"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(PageNames))]
    public void Page_LinksToHeadingsThatExist(string page)
    {
        foreach (Match link in LinkToHeading().Matches(Documents.Read($"docs/socketio/{page}")))
        {
            var target = link.Groups["page"].Value is { Length: > 0 } other ? other : page;
            var anchors = Heading().Matches(Documents.Read($"docs/socketio/{target}"))
                .Select(heading => Anchor(heading.Groups["text"].Value));

            Assert.Contains(link.Groups["anchor"].Value, anchors);
        }
    }

    [Fact]
    public void Disconnection_ListsEveryReason() => AssertNames(
        "docs/socketio/disconnection.md",
        Enum.GetValues<DisconnectReason>().SelectMany(reason => new[] { $"`{reason}`", $"`{reason.ToProtocolString()}`" }));

    [Fact]
    public void ConnectionErrors_ListsEveryCode() => AssertNames(
        "docs/socketio/connection-errors.md", Enum.GetValues<EngineIOError>().Select(code => $"| {(int)code} | "));

    [Fact]
    public void Emitting_ListsEveryReservedName()
    {
        string[] reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

        Assert.All(reserved, name => Assert.True(ReservedEvents.Contains(name)));
        AssertNames("docs/socketio/emitting.md", reserved.Select(name => $"`{name}`"));
    }

    [Fact]
    public void MetricsAndLogs_ListsEveryInstrument()
    {
        var ours = InstrumentsOf(Libraries);
        Assert.NotEmpty(ours);
        AssertNames(
            "docs/socketio/metrics-and-logs.md",
            ours.SelectMany(instrument => new[] { $"| `{instrument.Key}` | ", $"`{instrument.Value}`" }));
    }

    [Fact]
    public void MetricsAndLogs_ListsEveryWarningAndError()
    {
        var events = WarningsOf(Libraries);

        Assert.NotEmpty(events);
        AssertNames("docs/socketio/metrics-and-logs.md", events);
    }

    [Fact]
    public void Operations_ListsWhatSilosCountAndWarnOf()
    {
        Assembly[] silos =
        [
            typeof(OrleansRooms.Grains.RoomsGrainOptions).Assembly,
            typeof(OrleansRooms.PacketStreams.PacketStreamOptions).Assembly,
            typeof(OrleansRooms.Contracts.Streams.Envelope).Assembly,
            typeof(OrleansRooms.Hosting.RoomsClusterOptions).Assembly,
        ];
        var instruments = InstrumentsOf(silos);

        Assert.NotEmpty(instruments);
        AssertNames("docs/operations.md", instruments.Keys.Select(instrument => $"| `{instrument}` | "));
        AssertNames("docs/operations.md", WarningsOf(silos));
    }

    internal static Dictionary<string, string> InstrumentsOf(Assembly[] assemblies)
    {
        var instruments = new ConcurrentDictionary<string, string>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            // Tests beside this one have meters of their own.
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                instruments[instrument.Name] = instrument.Meter.Name;
            }
        };
        listener.Start();
        foreach (var metrics in assemblies.SelectMany(library => library.GetTypes())
            .Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal)))
        {
            using var created = ActivatorUtilities.CreateInstance(services, metrics) as IDisposable;
        }

        return instruments.Where(instrument => instrument.Value.StartsWith("OrleansRooms.", StringComparison.Ordinal)).ToDictionary();
    }

    private static List<string> WarningsOf(Assembly[] assemblies) =>
        [.. assemblies
            .SelectMany(library => library.GetTypes())
            .SelectMany(
                type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .Where(message => message is { Level: >= LogLevel.Warning })
            .Select(message => $"| `{message!.EventName}` | {message.Level.ToString().ToLowerInvariant()} | ")];

    private static void AssertNames(string document, IEnumerable<string> names)
    {
        var text = Documents.Read(document);
        var missing = names.Where(name => !text.Contains(name, StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"{document} does not name {string.Join(", ", missing)}.");
    }

    /// <summary>As GitHub makes them: lower case, no punctuation, hyphens for spaces.</summary>
    private static string Anchor(string heading) => Punctuation().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<page>[\w-]+\.md)?#(?<anchor>[^)]+)\)")]
    private static partial Regex LinkToHeading();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
