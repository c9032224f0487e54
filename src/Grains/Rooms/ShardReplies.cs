using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Gathers what the owners answer that are told in one call, each when its turn comes. Thread-safe.</summary>
/// <param name="count">How many there are; at least one.</param>
internal sealed class ShardReplies(int count)
{
    private readonly MembershipReply?[] _replies = new MembershipReply?[count];
    private readonly TaskCompletionSource<ImmutableArray<MembershipReply?>> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = count;

    /// <summary>Completes when all have answered.</summary>
    public Task<ImmutableArray<MembershipReply?>> All => _all.Task;

    /// <summary>Takes one answer; each once.</summary>
    public void Set(int index, MembershipReply? reply)
    {
        _replies[index] = reply;
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _all.SetResult(ImmutableCollectionsMarshal.AsImmutableArray(_replies));
        }
    }
}
