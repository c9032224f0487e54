using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Recovery;

/// <summary>
/// The latest events of a namespace, each under an offset by which a client says what it has seen last. Old ones go when their time is up
/// or a limit is reached; from then on nobody who would need them is served. Not thread-safe.
/// </summary>
/// <param name="name">Begins every offset, so that those of another log are not taken for this one's.</param>
/// <param name="maxPackets">How many events are kept.</param>
/// <param name="maxBytes">How many bytes they may take.</param>
/// <param name="lifetime">How long they are kept.</param>
internal sealed class PacketLog(string name, int maxPackets, long maxBytes, TimeSpan lifetime)
{
    // What an entry takes besides its payload, attachments and rooms: the objects that hold them.
    private const int EntryOverhead = 256;
    private const int SmallestCapacity = 16;

    private Entry[] _ring = [];
    private int _head;
    private long _first = 1;

    /// <summary>The number of events kept.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the oldest event was added.</summary>
    public TimeSpan? OldestAt => Count > 0 ? this[0].At : null;

    /// <summary>The offset of the latest event; before the first one, an offset that stands for none seen.</summary>
    public string Position => OffsetOf(_first + Count - 1);

    private ref Entry this[int index] => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>Adds an event.</summary>
    /// <param name="packet">The event.</param>
    /// <param name="options">To whom it goes.</param>
    /// <param name="now">The time, which never goes back.</param>
    /// <param name="forgotten">How many events had to go although their time was not up.</param>
    /// <returns>The event with its offset as an additional last argument.</returns>
    public Packet Add(Packet packet, BroadcastOptions options, TimeSpan now, out int forgotten)
    {
        Trim(now);
        var numbered = EventOffsets.AppendArgument(packet, OffsetOf(_first + Count));
        Push(new Entry(numbered, options, now, SizeOf(numbered, options)));
        forgotten = 0;
        while (Count > maxPackets || Bytes > maxBytes)
        {
            Pop();
            forgotten++;
        }

        return numbered;
    }

    /// <summary>Whether everything that came after an offset is still here.</summary>
    public bool Knows(string offset) => TryFind(offset, out _);

    /// <summary>The events after an offset that a socket in the given rooms was meant to get, in order.</summary>
    /// <returns><see langword="false"/> when the offset is none of this log's, or some of what came after it is gone.</returns>
    public bool TryRead(string offset, IReadOnlyCollection<string> rooms, [NotNullWhen(true)] out List<Packet>? missed)
    {
        if (!TryFind(offset, out var index))
        {
            missed = null;
            return false;
        }

        missed = [];
        var own = new HashSet<string>(rooms, StringComparer.Ordinal);
        for (; index < Count; index++)
        {
            ref var entry = ref this[index];
            if (IsFor(own, entry.Options))
            {
                missed.Add(entry.Packet);
            }
        }

        return true;
    }

    /// <summary>Lets go of the events whose time is up.</summary>
    public void Trim(TimeSpan now)
    {
        while (Count > 0 && now - this[0].At >= lifetime)
        {
            Pop();
        }
    }

    private static bool IsFor(HashSet<string> own, BroadcastOptions options)
    {
        foreach (var room in options.Except)
        {
            if (own.Contains(room))
            {
                return false;
            }
        }

        foreach (var room in options.Rooms)
        {
            if (own.Contains(room))
            {
                return true;
            }
        }

        return options.Rooms.IsEmpty;
    }

    private static int SizeOf(Packet packet, BroadcastOptions options)
    {
        long size = EntryOverhead + packet.Payload.Length;
        foreach (var attachment in packet.Attachments)
        {
            size += attachment.Length;
        }

        foreach (var room in options.Rooms)
        {
            size += room.Length * sizeof(char);
        }

        foreach (var room in options.Except)
        {
            size += room.Length * sizeof(char);
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    private string OffsetOf(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{name}{sequence}");

    /// <summary>The index of the first event after an offset.</summary>
    private bool TryFind(string offset, out int index)
    {
        index = 0;
        if (!offset.StartsWith(name, StringComparison.Ordinal)
            || !long.TryParse(offset.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || sequence < _first - 1 || sequence >= _first + Count)
        {
            return false;
        }

        index = (int)(sequence - _first + 1);
        return true;
    }

    private void Push(Entry entry)
    {
        if (Count == _ring.Length)
        {
            Resize(Math.Max(SmallestCapacity, _ring.Length * 2));
        }

        Count++;
        this[Count - 1] = entry;
        Bytes += entry.Size;
    }

    private void Pop()
    {
        Bytes -= this[0].Size;
        this[0] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _first++;
        Count--;

        // What one burst needed must not stay with a quiet namespace.
        if (_ring.Length > SmallestCapacity && Count < _ring.Length / 4)
        {
            Resize(_ring.Length / 2);
        }
    }

    /// <summary>Moves the entries into a ring of another size, a power of two.</summary>
    private void Resize(int capacity)
    {
        var ring = new Entry[capacity];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }

        _ring = ring;
        _head = 0;
    }

    private readonly record struct Entry(Packet Packet, BroadcastOptions Options, TimeSpan At, int Size);
}
