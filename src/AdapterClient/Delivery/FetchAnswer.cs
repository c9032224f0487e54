using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Links;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>
/// Describes sockets of this node to another one, a part at a time and as fast as the link takes them, so that however much there is to
/// tell, little of it is held here and packets go on in between. Ends when the requester waits no longer.
/// </summary>
internal sealed class FetchAnswer(ClusterNode node, NodeIdentity requester, Envelope request, IEnumerable<SocketDescription> descriptions)
{
    /// <exception cref="OperationCanceledException">The requester's time is up, or it is gone.</exception>
    public async Task SendAsync()
    {
        if (node.Links.FindOrDrop(requester) is not { } link)
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(link.Closed);
        using var timer = request.TimeoutMilliseconds > 0
            ? node.Time.CreateTimer(
                static state => ((CancellationTokenSource)state!).Cancel(),
                ended,
                TimeSpan.FromMilliseconds(Math.Min(request.TimeoutMilliseconds, int.MaxValue)),
                Timeout.InfiniteTimeSpan)
            : null;
        using var sockets = descriptions.GetEnumerator();
        var isMore = sockets.MoveNext();
        do
        {
            await link.EnterLongAnswerAsync(ended.Token).ConfigureAwait(false);
            try
            {
                await link.WhenRoomAsync(ended.Token).ConfigureAwait(false);
                var array = SocketDescriptions.WriteNext(sockets, ref isMore);
                await SendAsync(link, array, isMore, ended.Token).ConfigureAwait(false);
            }
            finally
            {
                link.LeaveLongAnswer();
            }

            if (isMore)
            {
                // What else has come in is not held up by many descriptions.
                await Task.Yield();
            }
        }
        while (isMore);
    }

    private async Task SendAsync(NodeLink link, ReadOnlyMemory<byte> array, bool isMore, CancellationToken cancellationToken)
    {
        while (true)
        {
            var piece = array[..Math.Min(array.Length, SocketDescriptions.PartSize)];
            array = array[piece.Length..];
            var part = new Envelope
            {
                Kind = EnvelopeKind.FetchSocketsResponse,
                Namespace = request.Namespace,
                RequestId = request.RequestId,
                Payload = piece.ToArray(),
                Count = isMore || !array.IsEmpty ? 1 : 0,
                Flags = array.IsEmpty ? EnvelopeFlags.None : EnvelopeFlags.Continues,
            };
            link.Answer(part, hasRoom: true);
            if (array.IsEmpty)
            {
                return;
            }

            await link.WhenRoomAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
