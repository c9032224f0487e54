using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// The protocol's own parameters of a request, each <see langword="null"/> when it is missing or empty. As in Node.js, and unlike
/// <see cref="HttpRequest.Query"/>, the case of their names matters and the last of several counts. They are read from the text of the
/// query also because a dictionary of all parameters would be kept as long as the request lasts, which for a WebSocket is as long as the
/// connection.
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
            switch (parameter.DecodeName().Span)
            {
                case "EIO":
                    revision = Read(parameter);
                    break;
                case "transport":
                    transport = Read(parameter);
                    break;
                case "sid":
                    sessionId = Read(parameter);
                    break;
                case "b64":
                    base64 = Read(parameter);
                    break;
                case "j":
                    isJsonp = true;
                    break;
                default:
                    // The application's own, however alike.
                    break;
            }
        }

        return new ProtocolQuery(revision, transport, sessionId, base64, isJsonp);
    }

    private static string? Read(QueryStringEnumerable.EncodedNameValuePair parameter) => parameter.DecodeValue().Span switch
    {
        "" => null,
        "4" => "4",
        TransportNames.WebSocket => TransportNames.WebSocket,
        TransportNames.Polling => TransportNames.Polling,
        var text => text.ToString(),
    };
}
