using System.Net;

namespace OrleansRooms.ProbeNode;

/// <summary>Where the Orleans part of the node is.</summary>
internal enum ProbeMode
{
    /// <summary>The node is a silo itself.</summary>
    Cohosted,

    /// <summary>The node is an Orleans client of a silo that runs elsewhere.</summary>
    Frontend,

    /// <summary>There is none: one server with the in-memory adapter, to see what part of the cost is the server's own.</summary>
    Alone,
}

/// <summary>What the command line says.</summary>
internal sealed class ProbeSettings
{
    public const string Usage = """
        OrleansRooms.ProbeNode --urls URL [--mode cohosted|frontend|alone] [--index K]

          --urls URL     where the node listens, such as http://127.0.0.1:5000
          --mode         cohosted: the node is a silo as well; frontend: it is a client of the silo with gateway port 30000;
                         alone: no cluster at all (default: cohosted)
          --index K      which node of a local cluster it is: its silo listens on 11111+K and its gateway on 30000+K; 0, the
                         primary, keeps the list of silos and has to start first (default: 0)
          --silo-port, --gateway-port, --primary-port
                         other ports than these, so that several clusters may run at once: those of this node's silo, or the gateway of the
                         silo that
                         a front-end is a client of, and the silo port of the primary
          --redis        with --mode frontend: the Redis server, such as 127.0.0.1:6379, in which to find the silos instead
        """;

    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private const int MaxIndex = 1000;

    public ProbeSettings(string[] args)
    {
        var values = new ConfigurationBuilder().AddCommandLine(args).Build();
        Url = values["urls"] is { } url && Uri.TryCreate(url, UriKind.Absolute, out _)
            ? url
            : throw new FormatException($"--urls is '{values["urls"]}', which is no address.");
        Mode = Enum.TryParse<ProbeMode>(values["mode"] ?? nameof(ProbeMode.Cohosted), ignoreCase: true, out var mode)
            ? mode
            : throw new FormatException($"--mode is '{values["mode"]}'.");
        Redis = values["redis"] is var redis && (redis is null || Mode is ProbeMode.Frontend)
            ? redis
            : throw new FormatException("--redis goes with --mode frontend.");
        Index = int.TryParse(values["index"] ?? "0", out var index) && index is >= 0 and <= MaxIndex
            ? index
            : throw new FormatException($"--index is '{values["index"]}', which is no number from 0 to {MaxIndex}.");
        SiloPort = PortOf("silo-port", FirstSiloPort + Index);
        GatewayPort = PortOf("gateway-port", FirstGatewayPort + (Mode is ProbeMode.Frontend ? 0 : Index));
        var primaryPort = PortOf("primary-port", FirstSiloPort);
        Primary = Index == 0 ? null : new IPEndPoint(IPAddress.Loopback, primaryPort);

        int PortOf(string name, int otherwise) =>
            values[name] is not { } text ? otherwise
            : int.TryParse(text, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port
            : throw new FormatException($"--{name} is '{text}', which is no port.");
    }

    public string Url { get; }

    public ProbeMode Mode { get; }

    public int Index { get; }

    /// <summary>The Redis server in which a front-end finds the silos; null for the one silo of this machine.</summary>
    public string? Redis { get; }

    public string NodeId => $"probe-{Index}";

    public int SiloPort { get; }

    /// <summary>The gateway of the node's silo, or of the silo that a front-end connects to.</summary>
    public int GatewayPort { get; }

    /// <summary>The silo that keeps the list of silos; none for that silo itself.</summary>
    public IPEndPoint? Primary { get; }
}
