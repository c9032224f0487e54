using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OrleansRooms.AdapterClient;
using OrleansRooms.Emitter;
using OrleansRooms.EngineIO;
using OrleansRooms.Grains;
using OrleansRooms.Hosting;
using OrleansRooms.MessagePack;
using OrleansRooms.PacketStreams;
using OrleansRooms.SocketIO;

namespace OrleansRooms.Documentation.Tests;

/// <summary>The tables of options name every option with its default, and nothing that is none.</summary>
public sealed partial class OptionsTableTests
{
    private const string ServerPage = "docs/socketio/options.md";
    private const string ParserPage = "docs/socketio/parser.md";
    private const string AdapterPage = "docs/socketio/adapters.md";
    private const string EmitterPage = "docs/emitter.md";
    private const string OperationsPage = "docs/operations.md";

    private static readonly (string Page, string Prefix, object Defaults)[] Options =
    [
        (ServerPage, "", new SocketIOOptions()),
        (ServerPage, "", new JsonParserOptions()),
        (ServerPage, "ConnectionStateRecovery.", new ConnectionStateRecoveryOptions()),
        (ServerPage, "HttpCompression.", new HttpCompressionOptions()),
        (ServerPage, "PerMessageDeflate.", new PerMessageDeflateOptions()),
        (ParserPage, "", new MessagePackPacketParserOptions()),
        (AdapterPage, "", new OrleansAdapterOptions()),
        (AdapterPage, "PacketStreamOptions.", new PacketStreamOptions()),
        (EmitterPage, "", new SocketIOEmitterOptions()),
        (OperationsPage, "", new RoomsClusterOptions()),
        (OperationsPage, "Directory:", new RoomsGrainOptions()),
    ];

    public static TheoryData<string, string, string> Defaults
    {
        get
        {
            var defaults = new TheoryData<string, string, string>();
            foreach (var (page, prefix, options) in Options)
            {
                foreach (var property in Properties(options))
                {
                    defaults.Add(page, prefix + property.Name, Describe(property, options));
                }
            }

            return defaults;
        }
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Option_IsListedWithItsDefault(string page, string option, string value)
    {
        var row = Assert.Single(Rows(page), row => row.Groups["name"].Value == option);

        Assert.Equal(value, row.Groups["default"].Value.Trim('`'));
    }

    [Theory]
    [InlineData(ServerPage)]
    [InlineData(ParserPage)]
    [InlineData(AdapterPage)]
    [InlineData(EmitterPage)]
    [InlineData(OperationsPage)]
    public void Table_NamesOnlyWhatExists(string page)
    {
        var known = Options.Where(options => options.Page == page)
            .SelectMany(options => Properties(options.Defaults).Select(property => options.Prefix + property.Name)).ToHashSet();

        Assert.All(Rows(page), row => Assert.Contains(row.Groups["name"].Value, known));
    }

    [Fact]
    public void Configuration_OfTheExample_BindsToOptionsThatExist()
    {
        var examples = JsonBlock().Matches(Documents.Read(ServerPage)).Select(match => match.Groups["json"].Value)
            .Where(json => json.Contains("\"SocketIO\"", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);

        foreach (var example in examples)
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(example));
            var section = new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("SocketIO");
            var options = section.Get<SocketIOOptions>(binder => binder.ErrorOnUnknownConfiguration = true);
            Assert.NotEqual(JsonSerializer.Serialize(Simple(new SocketIOOptions())), JsonSerializer.Serialize(Simple(options!)));
        }
    }

    private static PropertyInfo[] Properties(object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static Dictionary<string, string> Simple(SocketIOOptions options) =>
        Properties(options).ToDictionary(property => property.Name, property => property.GetValue(options)?.ToString() ?? "null");

    // A port is written as it is typed.
    private static string Describe(PropertyInfo property, object options) => property.Name.EndsWith("Port", StringComparison.Ordinal)
        ? $"{property.GetValue(options)}" : Describe(property.GetValue(options));

    internal static string Describe(object? value) => value switch
    {
        null => "null",
        string text => text,
        true => "true",
        false => "false",
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        TimeSpan time when time.TotalSeconds < 60 || time.TotalSeconds % 60 != 0 => time.TotalSeconds == 1
            ? "1 second"
            : $"{time.TotalSeconds} seconds",
        TimeSpan time => time.TotalMinutes == 1 ? "1 minute" : $"{time.TotalMinutes} minutes",
        Enum => value.ToString()!,
        JsonSerializerOptions => "JsonSerializerDefaults.Web",
        HttpCompressionOptions => "on",
        _ => throw new ArgumentException($"Say how a default of type {value.GetType()} is written in the tables of options."),
    };

    private static MatchCollection Rows(string page) => OptionRow().Matches(
        Documents.Read(page).Split("## Options of Socket.IO that are not here")[0].Split("## A front-end")[0]);

    [GeneratedRegex(@"^\| `(?<name>[\w.:]+)` \| (?<default>[^|]*\S) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
