using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>How many sessions of each client address nobody has let in yet, at most a given number of each. Thread-safe.</summary>
/// <remarks>An IPv6 address stands for its /64 network, which is what one customer has.</remarks>
internal sealed class PendingSessions(int limit)
{
    private const int NetworkBytes = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Account> _accounts = [];

    /// <summary>Whether an address has as many as it may.</summary>
    public bool IsFull(IPAddress? address)
    {
        lock (_lock) return _accounts.TryGetValue(AccountOf(address), out var account) && account.Sessions >= limit;
    }

    /// <summary>Counts one more; <see langword="false"/> when there may be none.</summary>
    public bool TryAdd(IPAddress? address)
    {
        lock (_lock)
        {
            var key = AccountOf(address);
            if (!_accounts.TryGetValue(key, out var account)) _accounts.Add(key, account = new Account());
            if (account.Sessions >= limit) return false;
            account.Sessions++;
            return true;
        }
    }

    /// <summary>One has been let in or is gone.</summary>
    public void Remove(IPAddress? address)
    {
        lock (_lock)
        {
            var key = AccountOf(address);
            var account = _accounts[key];
            if (--account.Sessions <= limit / 2) account.IsRefusing = false;
            if (account.Sessions == 0) _accounts.Remove(key);
        }
    }

    /// <summary>One was refused.</summary>
    /// <returns>Whether it is the first since the address had half as many as it may.</returns>
    public bool NoteRefusal(IPAddress? address)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(AccountOf(address), out var account) || account.IsRefusing) return false;
            return account.IsRefusing = true;
        }
    }

    // What comes without an address, as by a Unix socket, comes from one place.
    private static IPAddress AccountOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 }) return address ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }

    private sealed class Account
    {
        public int Sessions { get; set; }

        public bool IsRefusing { get; set; }
    }
}
