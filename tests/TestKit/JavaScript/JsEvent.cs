using System.Text.Json;

namespace OrleansRooms.TestKit.JavaScript;

/// <summary>
/// Something that reached a JavaScript client: an event of the server, or <c>connect</c>, <c>disconnect</c>, <c>connect_error</c> (the
/// names that Socket.IO reserves) or <c>$upgrade</c>.
/// </summary>
public sealed class JsEvent
{
    private readonly JsClients _process;
    private readonly int? _answer;

    internal JsEvent(JsClients process, string name, JsonElement[] args, int? answer)
    {
        _process = process;
        _answer = answer;
        Name = name;
        Args = args;
    }

    /// <summary>The event's name.</summary>
    public string Name { get; }

    /// <summary>Its arguments, without the callback.</summary>
    public IReadOnlyList<JsonElement> Args { get; }

    /// <summary>Whether the server asked for an answer.</summary>
    public bool ExpectsAck => _answer is not null;

    /// <summary>Reads an argument.</summary>
    public T? Get<T>(int index = 0) => Args[index].As<T>();

    /// <summary>Calls the server's callback.</summary>
    public Task AckAsync(params object?[] args) =>
        _process.CallAsync("answer", new { answer = _answer ?? throw new InvalidOperationException($"{this} asks for no answer."), args });

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Args.Select(Shorten))}]";

    private static string Shorten(JsonElement arg)
    {
        const int limit = 160;
        var text = arg.GetRawText();
        return text.Length <= limit ? text : $"{text[..limit]}... ({text.Length} characters)";
    }
}
