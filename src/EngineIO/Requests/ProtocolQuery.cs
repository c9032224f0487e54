using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// The protocol's own parameters of a request, each <see langword="null"/> when it is missing. They are read from the text of the query, because
/// <see cref="HttpRequest.Query"/> would keep a dictionary of all parameters as long as the request lasts, which for a WebSocket is as long as the connection.
/// </summary>
internal readonly struct ProtocolQuery
{
    private ProtocolQuery(string? revision, string? transport, string? sessionId, string? base64, bool isJsonp)
    {
        Revision = revision;
        Transport = transport;
        SessionId = sessionId;
        IsTextOnly = base64 == "1";
        IsJsonp = isJsonp;
    }

    /// <summary><c>EIO</c>.</summary>
    public string? Revision { get; }

    /// <summary><c>transport</c>.</summary>
    public string? Transport { get; }

    /// <summary><c>sid</c>.</summary>
    public string? SessionId { get; }

    /// <summary><c>b64=1</c>: the client takes no binary frames.</summary>
    public bool IsTextOnly { get; }

    /// <summary><c>j</c>: the poll of a client without cross-origin requests.</summary>
    public bool IsJsonp { get; }

    public static ProtocolQuery Read(QueryString query)
    {
        string? revision = null, transport = null, sessionId = null, base64 = null;
        var isJsonp = false;
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            var name = parameter.DecodeName().Span;
            if (Is(name, "EIO")) Add(ref revision, parameter);
            else if (Is(name, "transport")) Add(ref transport, parameter);
            else if (Is(name, "sid")) Add(ref sessionId, parameter);
            else if (Is(name, "b64")) Add(ref base64, parameter);
            else isJsonp |= Is(name, "j");
        }

        return new ProtocolQuery(revision, transport, sessionId, base64, isJsonp);
    }

    // As everywhere in ASP.NET Core.
    private static bool Is(ReadOnlySpan<char> name, string parameter) => name.Equals(parameter, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a value; that of a parameter which comes twice is both, and so none that the protocol knows.</summary>
    private static void Add(ref string? value, QueryStringEnumerable.EncodedNameValuePair parameter)
    {
        var text = parameter.DecodeValue().Span;
        var added = text switch
        {
            "4" => "4",
            TransportNames.WebSocket => TransportNames.WebSocket,
            TransportNames.Polling => TransportNames.Polling,
            _ => text.ToString(),
        };
        value = value is null ? added : $"{value},{added}";
    }
}
