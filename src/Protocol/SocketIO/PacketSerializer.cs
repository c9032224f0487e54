using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// Turns .NET values into packets and the arguments of packets into .NET values. Thread-safe; one serves a whole server.
/// </summary>
/// <remarks>
/// <para>
/// Values are written as <c>JSON.stringify</c> would write them in JavaScript: dates in UTC with milliseconds and <c>Z</c>, NaN
/// and the infinities as <c>null</c>, properties in their order, without needless escapes. Unless options say otherwise, property names
/// are camel case and matched without case on reading (<see cref="JsonSerializerDefaults.Web"/>).
/// </para>
/// <para>
/// <c>byte[]</c>, <see cref="Memory{T}"/>, <see cref="ReadOnlyMemory{T}"/>, <see cref="ArraySegment{T}"/> and
/// <see cref="System.Buffers.ReadOnlySequence{T}"/> of bytes become binary attachments at any depth of the arguments of events and
/// acks, and are read back from them. The bytes are copied before the call returns.
/// </para>
/// </remarks>
public sealed class PacketSerializer
{
    private readonly JsonSerializerOptions _writing;
    private readonly JsonSerializerOptions _reading;
    private readonly JsonSerializerOptions _readingIntegers;
    private readonly JavaScriptEncoder _encoder;
    private readonly int _maxAttachments;

    /// <summary>Creates a serializer.</summary>
    /// <param name="options">
    /// Options to copy; their own converters take precedence. Indentation is switched off, a missing encoder is the one with the
    /// fewest escapes, a missing depth limit is 256. Default: <see cref="JsonSerializerDefaults.Web"/>.
    /// </param>
    /// <param name="maxAttachments">
    /// How many binary attachments an emitted packet may have. Raise it together with the clients' own limit: a JavaScript client
    /// that receives more than it allows closes its connection. Default: 10.
    /// </param>
    public PacketSerializer(JsonSerializerOptions? options = null, int maxAttachments = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttachments, 1);
        _writing = SerializerOptions.ForWriting(options);
        _reading = SerializerOptions.ForReading(options);
        _readingIntegers = SerializerOptions.ForReadingIntegers(options);
        _encoder = _writing.Encoder!;
        _maxAttachments = maxAttachments;
    }

    /// <summary>Makes an event. Reserved names are not refused here; see <see cref="ReservedEvents"/>.</summary>
    /// <param name="ns">The namespace, with its leading slash.</param>
    /// <param name="eventName">The name of the event.</param>
    /// <param name="args">The arguments, each written by its own runtime type.</param>
    /// <param name="ackId">The id under which an answer is expected.</param>
    /// <exception cref="ArgumentException">
    /// The arguments hold too many attachments, or, besides attachments, an object that a receiver would mistake for one.
    /// </exception>
    /// <exception cref="JsonException">An argument cannot be written, for instance because it contains itself.</exception>
    public Packet Event(string ns, string eventName, ReadOnlySpan<object?> args, long? ackId = null) =>
        CreateWithArguments(PacketType.Event, PacketType.BinaryEvent, ns, eventName, args, ackId);

    /// <summary>Makes the answer to an event.</summary>
    /// <inheritdoc cref="Event" path="/exception"/>
    public Packet Ack(string ns, long ackId, ReadOnlySpan<object?> args) =>
        CreateWithArguments(PacketType.Ack, PacketType.BinaryAck, ns, eventName: null, args, ackId);

    /// <summary>Makes a packet of another type: CONNECT, CONNECT_ERROR or DISCONNECT.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="ns">The namespace, with its leading slash.</param>
    /// <param name="payload">
    /// What it says, <see langword="null"/> for no payload. These packets have no attachments: bytes are written as base64.
    /// </param>
    public Packet Create(PacketType type, string ns, object? payload)
    {
        if (type is not (PacketType.Connect or PacketType.ConnectError or PacketType.Disconnect))
        {
            throw new ArgumentException($"Packets of type {type} are made by {nameof(Event)} and {nameof(Ack)}.", nameof(type));
        }

        if (payload is null) return new Packet { Type = type, Namespace = ns };

        var buffer = PayloadBuffer.Rent(_encoder);
        var outer = AttachmentContext.SwapWritten(null);
        try
        {
            JsonSerializer.Serialize(buffer.Writer, payload, _writing);
            return new Packet { Type = type, Namespace = ns, Payload = buffer.ToPayload() };
        }
        finally
        {
            AttachmentContext.SwapWritten(outer);
            buffer.Return();
        }
    }

    /// <summary>Finds the name and the arguments of an event, or the arguments of an ack.</summary>
    /// <exception cref="PacketFormatException">The payload is not what the type of the packet asks for.</exception>
    public PacketArguments Read(Packet packet)
    {
        if (!packet.IsEvent && !packet.IsAck) throw new PacketFormatException($"A packet of type {packet.Type} has no arguments.");
        if (packet.Payload.IsEmpty && packet.IsAck) return new PacketArguments(this, packet, string.Empty, [], 0);

        try
        {
            return FindArguments(packet);
        }
        catch (JsonException exception)
        {
            throw new PacketFormatException("The payload is not JSON.", exception);
        }
    }

    /// <summary>The whole payload of a packet, for those that have no arguments: the auth data of a CONNECT.</summary>
    public static RawArgument ReadPayload(Packet packet) => new(packet.Payload, packet.Attachments);

    /// <summary>Reads an argument; the default of <typeparamref name="T"/> for an argument that was not there.</summary>
    /// <remarks>
    /// A target of <see cref="object"/> gives <c>byte[]</c> for an attachment and <see cref="JsonElement"/> otherwise. A
    /// <see cref="JsonElement"/> shows placeholders in place of the attachments; <see cref="RawArgument"/> keeps both.
    /// </remarks>
    /// <exception cref="JsonException">The argument is no <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(RawArgument argument)
    {
        if (typeof(T) == typeof(RawArgument)) return (T)(object)argument;
        if (argument.Json.IsEmpty) return default;

        var outer = AttachmentContext.SwapReadable(argument.Attachments);
        try
        {
            return JsonSerializer.Deserialize<T>(argument.Json.Span, _reading);
        }
        catch (JsonException) when (IntegerText.MayHaveFraction(argument.Json.Span))
        {
            return JsonSerializer.Deserialize<T>(argument.Json.Span, _readingIntegers);
        }
        finally
        {
            AttachmentContext.SwapReadable(outer);
        }
    }

    /// <inheritdoc cref="Deserialize{T}(RawArgument)"/>
    /// <param name="argument">The argument.</param>
    /// <param name="type">What to read it as.</param>
    public object? Deserialize(RawArgument argument, Type type)
    {
        if (type == typeof(RawArgument)) return argument;
        if (argument.Json.IsEmpty) return type.IsValueType ? Activator.CreateInstance(type) : null;

        var outer = AttachmentContext.SwapReadable(argument.Attachments);
        try
        {
            return JsonSerializer.Deserialize(argument.Json.Span, type, _reading);
        }
        catch (JsonException) when (IntegerText.MayHaveFraction(argument.Json.Span))
        {
            return JsonSerializer.Deserialize(argument.Json.Span, type, _readingIntegers);
        }
        finally
        {
            AttachmentContext.SwapReadable(outer);
        }
    }

    /// <summary>
    /// Whether an argument can be read as a type. Not as a delegate, and as an interface or an abstract class only if it is a collection or
    /// the options say how.
    /// </summary>
    public bool CanRead(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (typeof(Delegate).IsAssignableFrom(type) || type.IsByRefLike || type.IsPointer || type.ContainsGenericParameters) return false;
        if (!type.IsAbstract) return true;
        try
        {
            var how = _reading.GetTypeInfo(type);
            return how.Kind is not JsonTypeInfoKind.Object || how.PolymorphismOptions is not null;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes one value by itself, its bytes beside it.</summary>
    /// <exception cref="JsonException">It cannot be written. Converters and properties of the user's may throw anything else.</exception>
    internal RawArgument Write(object? value) => Write(value, static (writer, value, options) =>
        JsonSerializer.Serialize(writer, value, options));

    /// <summary>Writes values that were written as the properties of one object.</summary>
    internal RawArgument Write(IReadOnlyList<KeyValuePair<string, RawArgument>> properties) =>
        Write(properties, static (writer, properties, options) =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, options);
        }

        writer.WriteEndObject();
    });

    private RawArgument Write<T>(T value, Action<Utf8JsonWriter, T, JsonSerializerOptions> write)
    {
        var buffer = PayloadBuffer.Rent(_encoder);
        var outer = AttachmentContext.SwapWritten(buffer.Attachments);
        try
        {
            write(buffer.Writer, value, _writing);
            return new RawArgument(buffer.ToPayload(), buffer.Attachments.ToArray());
        }
        finally
        {
            AttachmentContext.SwapWritten(outer);
            buffer.Return();
        }
    }

    private Packet CreateWithArguments(
        PacketType plain, PacketType binary, string ns, string? eventName, ReadOnlySpan<object?> args, long? ackId)
    {
        if (ackId is { } id) ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ackId));

        var buffer = PayloadBuffer.Rent(_encoder);
        var outer = AttachmentContext.SwapWritten(buffer.Attachments);
        try
        {
            var writer = buffer.Writer;
            writer.WriteStartArray();
            if (eventName is not null) writer.WriteStringValue(eventName);
            foreach (var arg in args) JsonSerializer.Serialize(writer, arg, _writing);
            writer.WriteEndArray();

            var payload = buffer.ToPayload();
            var attachments = buffer.Attachments.ToArray();
            if (attachments.Length > 0) CheckAttachments(payload, attachments.Length);
            return new Packet
            {
                Type = attachments.Length > 0 ? binary : plain,
                Namespace = ns,
                AckId = ackId,
                Payload = payload,
                Attachments = attachments,
            };
        }
        finally
        {
            AttachmentContext.SwapWritten(outer);
            buffer.Return();
        }
    }

    // Receivers close their connection over what is refused here, so the emitter has to hear of it instead.
    private void CheckAttachments(ReadOnlySpan<byte> payload, int count)
    {
        if (count > _maxAttachments)
        {
            throw new ArgumentException($"The arguments hold {count} binary attachments; the limit is {_maxAttachments}.");
        }

        try
        {
            AttachmentPlaceholders.Validate(payload, count, int.MaxValue);
        }
        catch (PacketFormatException exception)
        {
            throw new ArgumentException("An argument holds an object that looks like the placeholder of an attachment.", exception);
        }
    }

    private PacketArguments FindArguments(Packet packet)
    {
        var payload = packet.Payload.Span;
        var reader = JsonPayload.CreateReader(payload, int.MaxValue);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray) throw new PacketFormatException("The payload is not an array.");

        var eventName = string.Empty;
        if (packet.IsEvent)
        {
            reader.Read();
            eventName = reader.TokenType switch
            {
                JsonTokenType.String => JsonText.GetString(ref reader),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => throw new PacketFormatException("An event begins with its name, a string or a number."),
            };
        }

        var ranges = new Range[4];
        var count = 0;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (count == ranges.Length) Array.Resize(ref ranges, count * 2);
            ranges[count++] = start..(int)reader.BytesConsumed;
        }

        return new PacketArguments(this, packet, eventName, ranges, count);
    }
}
