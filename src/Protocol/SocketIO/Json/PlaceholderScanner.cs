using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Finds the objects of a JSON text that stand for attachments: those whose own property <c>_placeholder</c> is
/// <see langword="true"/>, wherever it stands among their properties. One pass, whatever the nesting.
/// </summary>
internal ref struct PlaceholderScanner
{
    private Utf8JsonReader _reader;
    private Level[] _levels;
    private int _depth;

    public PlaceholderScanner(ReadOnlySpan<byte> json, int maxDepth)
    {
        _reader = JsonPayload.CreateReader(json, maxDepth);
        _levels = new Level[16];
        _depth = 0;
        Start = 0;
        End = 0;
        Number = 0;
    }

    private enum Property
    {
        Other,
        Placeholder,
        Number,
    }

    /// <summary>Where the placeholder found last begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the placeholder found last ends, exclusive.</summary>
    public int End { get; private set; }

    /// <summary>The attachment it stands for, or -1 when it names none in a legal way.</summary>
    public int Number { get; private set; }

    /// <summary>Goes on to the end of the next placeholder, or of the text.</summary>
    /// <exception cref="JsonException">The text is no JSON, or too deep.</exception>
    public bool Read()
    {
        var property = Property.Other;
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    property = GetProperty();
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    SetValue(property);
                    _levels[_depth].HasChildren = true;
                    Push();
                    break;
                case JsonTokenType.EndArray:
                    _depth--;
                    break;
                case JsonTokenType.EndObject:
                    var level = _levels[_depth--];
                    if (level.IsPlaceholder)
                    {
                        Start = level.Start;
                        End = (int)_reader.BytesConsumed;
                        Number = level.HasChildren ? -1 : level.Number;
                        return true;
                    }

                    break;
                default:
                    SetValue(property);
                    break;
            }

            property = Property.Other;
        }

        return false;
    }

    private Property GetProperty() =>
        JsonText.NameEquals(ref _reader, "_placeholder"u8) ? Property.Placeholder
        : JsonText.NameEquals(ref _reader, "num"u8) ? Property.Number
        : Property.Other;

    // As in JavaScript, the last of two properties of one name counts.
    private readonly void SetValue(Property property)
    {
        ref var level = ref _levels[_depth];
        if (property is Property.Placeholder)
        {
            level.IsPlaceholder = _reader.TokenType is JsonTokenType.True;
        }
        else if (property is Property.Number)
        {
            level.Number = _reader.TokenType is JsonTokenType.Number && _reader.TryGetInt32(out var number) ? number : -1;
        }
    }

    private void Push()
    {
        if (++_depth == _levels.Length) Array.Resize(ref _levels, _levels.Length * 2);
        _levels[_depth] = new Level { Start = (int)_reader.TokenStartIndex, Number = -1 };
    }

    private struct Level
    {
        public int Start;
        public int Number;
        public bool IsPlaceholder;
        public bool HasChildren;
    }
}
