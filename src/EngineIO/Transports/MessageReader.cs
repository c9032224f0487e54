using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// Reads a client's messages from the bytes of its connection (RFC 6455, section 5), however they are cut: the counterpart of
/// <see cref="MessageWriter"/>. It takes as much memory as has come of a message, and none between two messages.
/// </summary>
/// <param name="maxLength">How long a message may be.</param>
internal sealed class MessageReader(long maxLength)
{
    private const int ShortestHead = 2;
    private const int LongestHead = 14;
    private const int LongestControlPayload = 125;

    private byte[]? _message;
    private int _length;
    private long _left;
    private uint _mask;
    private Opcode _opcode;
    private ClientMessageKind _kind;
    private bool _isInPayload;
    private bool _isFinal;
    private bool _isDiscarding;

    private enum Opcode : byte
    {
        Continuation = 0,
        Text = 1,
        Binary = 2,
        Close = 8,
        Ping = 9,
        Pong = 10,
    }

    /// <summary>Keeps nothing of the messages that come from now on, and hands none out: only the close frame still matters.</summary>
    public void Discard() => _isDiscarding = true;

    /// <summary>Takes bytes up to the end of the next message.</summary>
    /// <param name="bytes">What has come; afterwards what is left for the next call.</param>
    /// <param name="message">The message, valid until the next call.</param>
    /// <returns><see langword="false"/> when there is none before more bytes have come.</returns>
    /// <exception cref="ClientMessageException">The client has broken the protocol; nothing more can be read.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> bytes, out ClientMessage message)
    {
        // What was handed out last is not needed any more.
        if (_kind == ClientMessageKind.None) _length = 0;

        while (_isInPayload || TryReadHead(ref bytes))
        {
            message = _opcode >= Opcode.Close ? ReadControl(ref bytes) : ReadData(ref bytes);
            if (message.Kind != ClientMessageKind.None) return true;
            if (_isInPayload) break;
        }

        if (_kind == ClientMessageKind.None) Release();
        message = default;
        return false;
    }

    /// <summary>Gives back the memory for a message that will not be completed.</summary>
    public void Release()
    {
        if (_message is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _message = null;
        _length = 0;
    }

    private bool TryReadHead(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < ShortestHead) return false;

        Span<byte> head = stackalloc byte[LongestHead];
        head = head[..(int)Math.Min(bytes.Length, LongestHead)];
        bytes.Slice(0, head.Length).CopyTo(head);
        Check(head);

        var position = (head[1] & 0x7f) switch
        {
            126 => 4,
            127 => 10,
            _ => ShortestHead,
        };
        if (head.Length < position + sizeof(uint)) return false;

        _left = position switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            10 => BinaryPrimitives.ReadInt64BigEndian(head[2..]),
            _ => head[1] & 0x7f,
        };
        if (_left < 0) throw Broken("A frame is longer than there are numbers.");

        _mask = MemoryMarshal.Read<uint>(head[position..]);
        _opcode = (Opcode)(head[0] & 0x0f);
        _isFinal = (head[0] & 0x80) != 0;
        _isInPayload = true;
        bytes = bytes.Slice(position + sizeof(uint));
        return true;
    }

    /// <summary>Whether the frame may come now, as far as its first two bytes say.</summary>
    private void Check(ReadOnlySpan<byte> head)
    {
        if ((head[0] & 0x70) != 0) throw Broken("A frame has reserved bits set.");
        if ((head[1] & 0x80) == 0) throw Broken("A frame is not masked.");

        var opcode = (Opcode)(head[0] & 0x0f);
        switch (opcode)
        {
            case Opcode.Continuation when _kind == ClientMessageKind.None:
                throw Broken("A frame continues no message.");
            case Opcode.Text or Opcode.Binary when _kind != ClientMessageKind.None:
                throw Broken("A message began before the one before had ended.");
            case Opcode.Continuation or Opcode.Text or Opcode.Binary:
                break;
            case Opcode.Close or Opcode.Ping or Opcode.Pong when (head[0] & 0x80) == 0 || (head[1] & 0x7f) > LongestControlPayload:
                throw Broken("A control frame is in pieces or too long.");
            case Opcode.Close or Opcode.Ping or Opcode.Pong:
                break;
            default:
                throw Broken("A frame is of no known kind.");
        }
    }

    /// <summary>
    /// Reads a control frame, which may come between the pieces of a message and is so short that its bytes can wait where they are.
    /// </summary>
    private ClientMessage ReadControl(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < _left) return default;

        var payload = bytes.Slice(0, _left).ToArray();
        bytes = bytes.Slice(_left);
        _isInPayload = false;
        Unmask(payload);
        if (_opcode == Opcode.Close) CheckClose(payload);
        return new ClientMessage(
            _opcode switch
            {
                Opcode.Ping => ClientMessageKind.Ping,
                Opcode.Pong => ClientMessageKind.Pong,
                _ => ClientMessageKind.Close,
            },
            payload);
    }

    private ClientMessage ReadData(ref ReadOnlySequence<byte> bytes)
    {
        if (_opcode != Opcode.Continuation) _kind = _opcode == Opcode.Text ? ClientMessageKind.Text : ClientMessageKind.Binary;

        // Not the sum: a client may announce as much as numbers go.
        if (!_isDiscarding && _left > maxLength - _length)
        {
            Release();
            _isDiscarding = true;
            return new ClientMessage(ClientMessageKind.TooBig, default);
        }

        var come = bytes.Slice(0, Math.Min(bytes.Length, _left));
        if (!_isDiscarding) Append(come);
        bytes = bytes.Slice(come.End);
        _left -= come.Length;
        if (_left > 0) return default;

        _isInPayload = false;
        if (!_isFinal) return default;

        var kind = _kind;
        _kind = ClientMessageKind.None;
        if (_isDiscarding) return default;

        var payload = _message.AsMemory(0, _length);
        if (kind == ClientMessageKind.Text && !Utf8.IsValid(payload.Span))
        {
            throw new ClientMessageException(WebSocketCloseStatus.InvalidPayloadData, "A text message is not UTF-8.");
        }

        return new ClientMessage(kind, payload);
    }

    private void Append(in ReadOnlySequence<byte> bytes)
    {
        var length = (int)bytes.Length;
        if (length == 0) return;

        if (_message is null || _message.Length - _length < length)
        {
            // No more than twice as long as what has come, whatever the client announces.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, 2 * _length));
            _message.AsSpan(0, _length).CopyTo(larger);
            if (_message is not null) ArrayPool<byte>.Shared.Return(_message);
            _message = larger;
        }

        var added = _message.AsSpan(_length, length);
        bytes.CopyTo(added);
        Unmask(added);
        _length += length;
    }

    /// <summary>Takes the mask off a piece of the frame's payload, and turns the mask to where the next piece begins.</summary>
    private void Unmask(Span<byte> payload)
    {
        if (_mask == 0) return;

        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        var mask = ((ulong)_mask << 32) | _mask;
        for (var i = 0; i < words.Length; i++) words[i] ^= mask;

        Span<byte> maskBytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(maskBytes, _mask);
        for (var i = words.Length * sizeof(ulong); i < payload.Length; i++) payload[i] ^= maskBytes[i % sizeof(uint)];

        var bits = payload.Length % sizeof(uint) * 8;
        _mask = BitConverter.IsLittleEndian ? BitOperations.RotateRight(_mask, bits) : BitOperations.RotateLeft(_mask, bits);
    }

    // RFC 6455, section 7.4: 1004 to 1006 and 1015 never travel, and 1016 to 2999 mean nothing yet.
    private static void CheckClose(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return;
        if (payload.Length == 1) throw Broken("A close frame has half a status.");
        if (BinaryPrimitives.ReadUInt16BigEndian(payload) is < 1000 or (>= 1004 and <= 1006) or (>= 1015 and < 3000) or >= 5000)
        {
            throw Broken("A close frame has a status that is none.");
        }

        if (!Utf8.IsValid(payload[2..]))
        {
            throw new ClientMessageException(WebSocketCloseStatus.InvalidPayloadData, "A close frame's reason is not UTF-8.");
        }
    }

    private static ClientMessageException Broken(string message) => new(WebSocketCloseStatus.ProtocolError, message);
}
