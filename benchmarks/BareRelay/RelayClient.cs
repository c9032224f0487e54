using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net.Sockets;

namespace OrleansRooms.BareRelay;

/// <summary>
/// A client's connection. Understands what the load's clients send, who mask with zeros and do not look at what the handshake answers, and
/// nothing else.
/// </summary>
internal sealed class RelayClient(Socket socket, Relay relay)
{
    private readonly byte[] _input = new byte[4 * 1024];
    private readonly byte[] _output = new byte[1024];

    public async Task RunAsync()
    {
        try
        {
            var filled = 0;
            while (!_input.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
            {
                var received = await socket.ReceiveAsync(_input.AsMemory(filled));
                if (received == 0)
                {
                    return;
                }

                filled += received;
            }

            socket.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"u8);
            Answer("0{}"u8);
            filled = 0;
            while (await socket.ReceiveAsync(_input.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var used = 0;
                while (TryReadFrame(_input.AsSpan(used, filled - used), out var head, out var length))
                {
                    Take(_input.AsSpan(used + head, length));
                    used += head + length;
                }

                _input.AsSpan(used, filled - used).CopyTo(_input);
                filled -= used;
            }
        }
        catch (SocketException)
        {
            // The load has ended.
        }
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> received, out int head, out int length)
    {
        (head, length) = (6, received.Length < 2 ? 0 : received[1] & 0x7F);
        if (length == 126 && received.Length >= 4)
        {
            (head, length) = (8, BinaryPrimitives.ReadUInt16BigEndian(received[2..]));
        }

        return received.Length >= head + length;
    }

    // Text of up to 65,535 bytes, unmasked.
    private static int WriteHead(Span<byte> output, int length)
    {
        output[0] = 0x81;
        if (length <= 125)
        {
            output[1] = (byte)length;
            return 2;
        }

        output[1] = 126;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)length);
        return 4;
    }

    private static bool TryReadRoom(ReadOnlySpan<byte> message, ReadOnlySpan<byte> start, out int room, out ReadOnlySpan<byte> rest)
    {
        room = 0;
        rest = default;
        if (!message.StartsWith(start))
        {
            return false;
        }

        if (!Utf8Parser.TryParse(message[start.Length..], out room, out var digits))
        {
            throw new InvalidDataException("Rooms have numbers here.");
        }

        rest = message[(start.Length + digits)..];
        return true;
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (TryReadRoom(message, "42[\"pub\",\"room"u8, out var room, out var rest))
        {
            // What follows the room and its comma are the arguments of what is sent.
            Publish(room, rest[2..]);
        }
        else if (TryReadRoom(message, "421[\"join\",\"room"u8, out room, out _))
        {
            relay.Change(room, socket, isJoin: true);
            Answer("431[]"u8);
        }
        else if (TryReadRoom(message, "421[\"leave\",\"room"u8, out room, out _))
        {
            relay.Change(room, socket, isJoin: false);
            Answer("431[]"u8);
        }
        else if (message is [(byte)'4', (byte)'0', ..])
        {
            Answer("40{}"u8);
        }
    }

    private void Publish(int room, ReadOnlySpan<byte> arguments)
    {
        var start = "42[\"msg\","u8;
        var length = start.Length + arguments.Length;
        var at = Relay.LinkHead;
        at += WriteHead(_output.AsSpan(at), length);
        start.CopyTo(_output.AsSpan(at));
        arguments.CopyTo(_output.AsSpan(at + start.Length));
        relay.Send(room, _output.AsSpan(0, at + length));
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        var head = WriteHead(_output, message.Length);
        message.CopyTo(_output.AsSpan(head));
        socket.Send(_output.AsSpan(0, head + message.Length));
    }
}
