using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.BareRelay;

/// <summary>
/// Serves the probe app with the least that can do it: no HTTP server, no Orleans, no adapter, no promises. Each relay knows which others
/// have members of a room, sends a message there in one write over a connection between the two, and writes it to its own members.
/// Everything happens on the thread that watches sockets, from the bytes that arrive to those that leave. What it costs is the floor under
/// every .NET server for these loads.
/// </summary>
internal sealed class Relay(int index, int clientPort, int[] linkPorts)
{
    /// <summary>
    /// How many bytes <see cref="Send"/> needs before a frame: the kind, the room and the length of what goes to other relays.
    /// </summary>
    public const int LinkHead = 7;

    private const byte Joined = 1;
    private const byte Left = 2;
    private const byte Message = 3;

    private readonly Dictionary<int, RelayRoom> _rooms = [];
    private readonly Socket?[] _links = new Socket?[linkPorts.Length];

    /// <summary>Runs until the process ends.</summary>
    public async Task RunAsync()
    {
        _ = AcceptAsync(Listen(linkPorts[index]), ReadLinkAsync);
        for (var other = 0; other < linkPorts.Length; other++)
        {
            _links[other] = other == index ? null : await ConnectAsync(linkPorts[other]);
        }

        await AcceptAsync(Listen(clientPort), client => new RelayClient(client, this).RunAsync());
    }

    /// <summary>Adds a client to a room, or takes it out.</summary>
    public void Change(int number, Socket client, bool isJoin)
    {
        var members = RoomOf(number).Members;
        var changed = isJoin ? members.Add(client) : members.Remove(client);
        if (changed && members.Count == (isJoin ? 1 : 0))
        {
            Span<byte> change = stackalloc byte[LinkHead];
            WriteLinkHead(change, isJoin ? Joined : Left, number, 0);
            foreach (var link in _links)
            {
                link?.Send(change);
            }
        }
    }

    /// <summary>Sends a frame to everybody in a room.</summary>
    /// <param name="number">Which room.</param>
    /// <param name="buffer">The frame, after <see cref="LinkHead"/> bytes that are free.</param>
    public void Send(int number, Span<byte> buffer)
    {
        var room = RoomOf(number);
        WriteLinkHead(buffer, Message, number, buffer.Length - LinkHead);
        for (var other = 0; other < _links.Length; other++)
        {
            if ((room.Relays & (1UL << other)) != 0)
            {
                _links[other]!.Send(buffer);
            }
        }

        room.Send(buffer[LinkHead..]);
    }

    private static void WriteLinkHead(Span<byte> output, byte kind, int room, int length)
    {
        output[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(output[1..], room);
        BinaryPrimitives.WriteUInt16LittleEndian(output[5..], (ushort)length);
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(512);
        return socket;
    }

    private static async Task AcceptAsync(Socket listener, Func<Socket, Task> serve)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = serve(socket);
        }
    }

    private async Task<Socket> ConnectAsync(int port)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                await socket.SendAsync(new[] { (byte)index });
                return socket;
            }
            catch (SocketException)
            {
                // The other has not come up yet.
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private async Task ReadLinkAsync(Socket link)
    {
        var buffer = new byte[64 * 1024];
        await link.ReceiveAsync(buffer.AsMemory(0, 1));
        var other = 1UL << buffer[0];
        for (var filled = 0; await link.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var received;)
        {
            filled += received;
            var used = 0;
            while (filled - used >= LinkHead)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(used + 5));
                if (filled - used < LinkHead + length)
                {
                    break;
                }

                var room = RoomOf(BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(used + 1)));
                switch (buffer[used])
                {
                    case Joined:
                        room.Relays |= other;
                        break;
                    case Left:
                        room.Relays &= ~other;
                        break;
                    default:
                        room.Send(buffer.AsSpan(used + LinkHead, length));
                        break;
                }

                used += LinkHead + length;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    private RelayRoom RoomOf(int number)
    {
        if (!_rooms.TryGetValue(number, out var room))
        {
            _rooms.Add(number, room = new RelayRoom());
        }

        return room;
    }
}
