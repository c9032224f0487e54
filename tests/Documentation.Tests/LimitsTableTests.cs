using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter;
using OrleansRooms.EngineIO;
using OrleansRooms.Grains;
using OrleansRooms.Hosting;
using OrleansRooms.Membership;
using OrleansRooms.MessagePack;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.PacketStreams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

/// <summary>
/// The table of limits has a row for every limit, with its default as the code has it and a test that reaches it. A limit is an option that
/// is a number, or a time named Max... or ...Timeout; and a constant named Max... or ...Capacity.
/// </summary>
public sealed partial class LimitsTableTests
{
    private const string Page = "docs/limits.md";
    private const string Writing = "WRITE_LIMITS";
    private const string Command = $"{Writing}=1 dotnet test tests/Documentation.Tests --filter FullyQualifiedName~LimitsTable";

    private static readonly Assembly[] Libraries =
    [
        typeof(EngineIOServer).Assembly, typeof(ISocketIOServer).Assembly, typeof(OrleansAdapterOptions).Assembly,
        typeof(ClusterState).Assembly, typeof(IClusterNode).Assembly, typeof(ISocketIOEmitter).Assembly,
        typeof(JsonPacketParserOptions).Assembly,
        typeof(MessagePackPacketParserOptions).Assembly,
        typeof(Envelope).Assembly, typeof(PacketStreamOptions).Assembly, typeof(RoomsGrainOptions).Assembly,
        typeof(RoomsClusterOptions).Assembly,
    ];

    // What looks like a limit and is none.
    private static readonly Dictionary<string, string> NoLimits = new(StringComparer.Ordinal)
    {
        ["HttpCompressionOptions.Threshold"] = "says from where on something is done",
        ["PerMessageDeflateOptions.Threshold"] = "the same",
        ["RoomsClusterOptions.SiloPort"] = "a port",
        ["RoomsClusterOptions.GatewayPort"] = "a port",
        ["BroadcastOptions.Timeout"] = "of one request; what it is by default is an option",
        ["HandlerQueue.MaxStartsPerTurn"] = "when a thread is given back",
        ["NameHash.MaxOnStack"] = "beyond it the memory comes from a pool",
        ["StreamSubscription.MaxFailures"] = "how often something is tried",
        ["PacketLog.SmallestCapacity"] = "where it begins",
        ["ReplayRing.SmallestCapacity"] = "where it begins",
        ["PacketQueueAdapter.MaxTargets"] = "what is forgotten is worked out again",
        ["NodeDirectoryGrain.MaxCauses"] = "what is forgotten is told again",
        ["NodeHeartbeat.MaxUnanswered"] = "the lease ends long before, with the default interval",
    };

    private static readonly Dictionary<string, string> Known = Libraries.SelectMany(library => library.GetTypes()).SelectMany(All)
        .GroupBy(limit => limit.Setting).ToDictionary(found => found.Key, found => found.First().Default, StringComparer.Ordinal);

    private static readonly string[] Required = [.. Libraries.SelectMany(library => library.GetTypes()).SelectMany(All)
        .Where(limit => limit.IsLimit && !NoLimits.ContainsKey(limit.Setting)).Select(limit => limit.Setting).Distinct()];

    private static readonly string Text = Environment.GetEnvironmentVariable(Writing) is null ? Documents.Read(Page) : Write();

    public static TheoryData<string> Limits => [.. Required];

    public static TheoryData<string> Rows => [.. RowPattern().Matches(Text).Select(row => row.Groups["setting"].Value)];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_HasARow(string setting) => Assert.True(RowOf(setting) is not null, $"""
        {Page} has no row for {setting}. Write it into the table it belongs to, on one line, or have it written to the end of the page by
            {Command}
        and fill it in: what it bounds, in bytes where it can be said; what the client, or who calls, sees when it is reached; the log
        events and metrics that tell of it, or a dash; and the test that reaches it.
        {Line(setting, "?", "?", "?", "`TestClass.Test_Method`")}
        If it bounds no bytes, things or waiting at all, name it in {nameof(LimitsTableTests)}.{nameof(NoLimits)} and say why.
        """);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_IsTrue(string setting)
    {
        var row = Assert.Single(RowPattern().Matches(Text), row => row.Groups["setting"].Value == setting);

        Assert.True(Known.TryGetValue(setting, out var value), $"{Page} has {setting}, which is not there any more. Run {Command}.");
        Assert.True(row.Groups["default"].Value == value, $"{Page}: the default of {setting} is {value}. Write that, or run {Command}.");
        Assert.All(["bounds", "seen", "logged"], column => Assert.True(row.Groups[column].Value != "?", $"{Page}: fill in {setting}."));
        foreach (Match name in Quoted().Matches(row.Groups["logged"].Value))
        {
            Assert.True(Events.Contains(name.Groups["name"].Value), $"{Page}: {setting} names {name}, no log event and no instrument.");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_NamesATestThatExists(string setting)
    {
        var tests = Quoted().Matches(RowOf(setting)!.Groups["test"].Value).Select(test => test.Groups["name"].Value).ToList();

        Assert.True(tests.Count > 0, $"{Page}: name the test that reaches {setting}, as `TestClass.Test_Method`.");
        Assert.All(tests, test => Assert.True(Tests.Contains(test), $"{Page}: {setting} names {test}; there is no such test under tests."));
    }

    private static HashSet<string> Events { get; } = [.. Libraries.SelectMany(library => library.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventName).OfType<string>(),
        .. PageTests.InstrumentsOf(Libraries).Keys];

    // By their source: this project refers to no other project of tests.
    private static HashSet<string> Tests { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Where(source => TestAttribute().IsMatch(source))
            .SelectMany(source => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.AttributeLists.Any(list => TestAttribute().IsMatch(list.ToString())))
            .Select(method => $"{((TypeDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}"),
    ];

    private static Match? RowOf(string setting) => RowPattern().Matches(Text).FirstOrDefault(row => row.Groups["setting"].Value == setting);

    private static IEnumerable<(string Setting, string Default, bool IsLimit)> All(Type type)
    {
        if (type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetConstructor([]) is not null && type.IsPublic)
        {
            var options = Activator.CreateInstance(type);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                if (!IsMeasure(kind)) continue;
                yield return ($"{type.Name}.{property.Name}", OptionsTableTests.Describe(property.GetValue(options)),
                    kind != typeof(TimeSpan) || Regex.IsMatch(property.Name, "^Max|Timeout$"));
            }
        }

        if (type.ContainsGenericParameters) yield break;
        foreach (var field in type.GetFields(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (!IsMeasure(field.FieldType) || !(field.IsLiteral || field.IsInitOnly)) continue;
            yield return ($"{type.Name}.{field.Name}", OptionsTableTests.Describe(field.GetValue(null)), Regex.IsMatch(
                field.Name, "^Max|Capacity$"));
        }
    }

    private static bool IsMeasure(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(TimeSpan);

    private static string Line(params string[] cells) => $"| `{cells[0]}` | {Known[cells[0]]} | {string.Join(" | ", cells[^4..])} |";

    // The defaults as they are, no rows of what is gone, and what is new at the end.
    private static string Write()
    {
        var text = RowPattern().Replace(Documents.Read(Page), row => Known.ContainsKey(row.Groups["setting"].Value)
            ? Line([.. row.Groups.Values.Skip(1).Select(cell => cell.Value)])
            : "").Replace("|\n\n|", "|\n|", StringComparison.Ordinal);
        var missing = Required.Where(setting => !text.Contains($"| `{setting}` |", StringComparison.Ordinal)).ToList();
        text += string.Concat(missing.Select(setting => Line(setting, "?", "?", "?", "?") + "\n"));
        File.WriteAllText(RepositoryRoot.Combine(Page), text);
        return text;
    }

    [GeneratedRegex(
        @"^\| `(?<setting>\w+\.\w+)` \| (?<default>[^|]+) \| (?<bounds>[^|]+) \| (?<seen>[^|]+) \| (?<logged>[^|]+) \| (?<test>[^|]+) \|$",
        RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"\[\w*(Fact|Theory)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Quoted();
}
