namespace OrleansRooms.Architecture.Tests;

/// <summary>
/// Two wings and one bridge: the Socket.IO wing knows no Orleans, the Orleans wing knows no ASP.NET Core, and only AdapterClient
/// knows both. Protocol, which is bytes and packets and nothing else, may be stood on by both. Each rule returns its violations as
/// sentences.
/// </summary>
internal static class WingRules
{
    public const string Ground = "OrleansRooms.Protocol";

    public static readonly string[] SocketIOWing = ["OrleansRooms.MessagePack", "OrleansRooms.EngineIO", "OrleansRooms.SocketIO"];

    public static readonly string[] OrleansWing =
    [
        "OrleansRooms.Contracts", "OrleansRooms.PacketStreams", "OrleansRooms.Grains", "OrleansRooms.Messaging",
        "OrleansRooms.Membership", "OrleansRooms.Emitter",
        "OrleansRooms.Hosting",
    ];

    public const string Bridge = "OrleansRooms.AdapterClient";

    /// <summary>The floors of the Orleans wing: each project stands on those that it names, and on no other of ours.</summary>
    public static readonly Dictionary<string, string[]> StandsOn = new(StringComparer.Ordinal)
    {
        ["OrleansRooms.Contracts"] = [],
        ["OrleansRooms.PacketStreams"] = ["OrleansRooms.Contracts"],
        ["OrleansRooms.Grains"] = ["OrleansRooms.Contracts", "OrleansRooms.PacketStreams"],
        ["OrleansRooms.Messaging"] = ["OrleansRooms.Contracts", "OrleansRooms.PacketStreams", Ground],
        ["OrleansRooms.Membership"] = ["OrleansRooms.Contracts", "OrleansRooms.PacketStreams", "OrleansRooms.Messaging", Ground],
        ["OrleansRooms.Hosting"] = ["OrleansRooms.Contracts", "OrleansRooms.PacketStreams"],
    };

    public static IEnumerable<string> Violations(ProjectGraph graph)
    {
        foreach (var reached in graph.Reachable(Ground))
        {
            if (reached.StartsWith("OrleansRooms.", StringComparison.Ordinal) || reached.Contains("Orleans.", StringComparison.Ordinal)
                || reached.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
            {
                yield return $"{Ground} is what both wings stand on and must not reach {reached}.";
            }
        }

        foreach (var project in SocketIOWing)
        {
            foreach (var reached in graph.Reachable(project))
            {
                if (reached.Contains("Orleans.", StringComparison.Ordinal) || OrleansWing.Contains(reached) || reached == Bridge)
                {
                    yield return $"{project} belongs to the Socket.IO wing and must not reach {reached}.";
                }
            }
        }

        foreach (var project in OrleansWing)
        {
            foreach (var reached in graph.Reachable(project))
            {
                if (reached.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || SocketIOWing.Contains(reached)
                    || reached == Bridge)
                {
                    yield return $"{project} belongs to the Orleans wing and must not reach {reached}.";
                }
            }
        }

        foreach (var (project, floors) in StandsOn)
        {
            foreach (var reached in graph.Reachable(project))
            {
                if (reached.StartsWith("OrleansRooms.", StringComparison.Ordinal) && !floors.Contains(reached))
                {
                    var allowed = floors.Length == 0 ? "none of ours" : string.Join(", ", floors);
                    yield return $"{project} stands on {allowed} and must not reach {reached}.";
                }
            }
        }

        foreach (var project in graph.Names)
        {
            var references = graph.ProjectReferences(project);
            if (project != Bridge && references.Any(SocketIOWing.Contains) && references.Any(OrleansWing.Contains))
            {
                yield return $"{project} references both wings; only {Bridge} may.";
            }

            if (references.Contains("OrleansRooms.Silo"))
            {
                yield return $"{project} references OrleansRooms.Silo, which nothing may.";
            }
        }
    }
}
