using System.Net;

namespace OrleansRooms.Samples.Chat;

/// <summary>What the command line says. Whatever makes no sense is found when this is created.</summary>
internal sealed class ChatSettings
{
    public const string Usage = """
        dotnet run --project samples/Chat -- [options]

          --role all|silo|node   all: one silo and the nodes in one process; silo, node: that part alone (default: all)
          --nodes URL;URL        the addresses of all nodes: "all" runs one at each, and each page links to the others
                                 (default: http://localhost:5001;http://localhost:5002)
          --urls URL             with --role node: where it listens (default: the first of --nodes)
          --name NAME            with --role node: what it is called (default: node-PORT)
          --silo-port PORT       where silos talk to the silo (default: 11111)
          --gateway-port PORT    where nodes talk to the silo (default: 30000)
        """;

    private readonly string? _name;

    public ChatSettings(string[] args)
    {
        var values = new ConfigurationBuilder().AddCommandLine(args).Build();
        Role = values["role"] ?? "all";
        Nodes = [.. (values["nodes"] ?? "http://localhost:5001;http://localhost:5002").Split(';').Select(ToUrl)];
        Url = values["urls"] is { } url ? ToUrl(url) : Nodes[0];
        SiloPort = ToPort(values["silo-port"] ?? "11111", "--silo-port");
        GatewayPort = ToPort(values["gateway-port"] ?? "30000", "--gateway-port");
        _name = values["name"];
    }

    public string Role { get; }

    public Uri[] Nodes { get; }

    public Uri Url { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    /// <summary>What the node at an address is called.</summary>
    public string NameOf(Uri url) => Role == "node" && _name is not null ? _name : $"node-{url.Port}";

    private static int ToPort(string text, string option) =>
        int.TryParse(text, out var port) && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new ChatStartException($"'{text}' is no port: {option} takes a number from 1 to {IPEndPoint.MaxPort}.");

    private static Uri ToUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? url
            : throw new ChatStartException($"'{text}' is no address of a node: write it like http://localhost:5001.");
}
