using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OrleansRooms.EngineIO;

/// <summary>The headers of a request in little memory, until somebody asks for them, which most never do.</summary>
internal sealed class FoldedHeaders
{
    // Below it the texts are the server's own, which several requests of a connection share.
    private const int LongestAsText = 4096;

    private readonly KeyValuePair<string, StringValues>[] _headers;

    // What a client says at length takes half as much as bytes; its value above is empty then.
    private readonly byte[]?[]? _values;

    /// <summary>Copies headers: the server recycles its collection.</summary>
    public FoldedHeaders(IHeaderDictionary headers)
    {
        _headers = new KeyValuePair<string, StringValues>[headers.Count];
        headers.CopyTo(_headers, 0);
        if (Length() <= LongestAsText) return;

        _values = new byte[]?[_headers.Length];
        for (var i = 0; i < _headers.Length; i++)
        {
            var (name, value) = _headers[i];
            if (value.Count != 1 || !Ascii.IsValid(value.ToString())) continue;
            _values[i] = Encoding.ASCII.GetBytes(value.ToString());
            _headers[i] = new KeyValuePair<string, StringValues>(name, default);
        }
    }

    public HeaderDictionary Unfold()
    {
        var headers = new HeaderDictionary(_headers.Length);
        for (var i = 0; i < _headers.Length; i++)
        {
            var (name, value) = _headers[i];
            headers[name] = _values?[i] is { } bytes ? Encoding.ASCII.GetString(bytes) : value;
        }

        return headers;
    }

    private long Length()
    {
        var length = 0L;
        foreach (var (_, value) in _headers) length += value.ToString().Length;
        return length;
    }
}
