using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// One argument as it came: its JSON text and the attachments that placeholders in it refer to. Given to an emit or an ack, or
/// put anywhere inside an argument, it is sent on as it is, byte for byte, with its attachments renumbered for the new packet.
/// The default value is <c>null</c> without attachments.
/// </summary>
public readonly struct RawArgument : IEquatable<RawArgument>
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _attachments;

    internal RawArgument(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        Json = json;
        _attachments = attachments;
    }

    /// <summary>The JSON text in UTF-8; empty for the default value.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>
    /// The attachments of the packet it came with, which the numbers of its placeholders count; other arguments may use some
    /// of them. Without any, nothing in <see cref="Json"/> is a placeholder.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments ?? [];

    /// <summary>Makes an argument of JSON text that was produced elsewhere.</summary>
    /// <param name="json">One JSON value in UTF-8; it must not be changed any more.</param>
    /// <exception cref="PacketFormatException">It is not one JSON value.</exception>
    public static RawArgument Parse(ReadOnlyMemory<byte> json)
    {
        JsonPayload.ValidateValue(json.Span);
        return new RawArgument(json, []);
    }

    /// <inheritdoc/>
    public bool Equals(RawArgument other) =>
        Json.Span.SequenceEqual(other.Json.Span) && ReferenceEquals(Attachments, other.Attachments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RawArgument other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Json.Span);
        return hash.ToHashCode();
    }

    /// <summary>The JSON text.</summary>
    public override string ToString() => Json.IsEmpty ? "null" : Encoding.UTF8.GetString(Json.Span);

    /// <summary>Whether two arguments have the same text and belong to the same packet's attachments.</summary>
    public static bool operator ==(RawArgument left, RawArgument right) => left.Equals(right);

    /// <summary>Whether two arguments differ in their text or belong to different attachments.</summary>
    public static bool operator !=(RawArgument left, RawArgument right) => !left.Equals(right);
}
