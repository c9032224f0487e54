namespace OrleansRooms.Grains.Rooms;

/// <summary>A set of socket ids that costs nothing beyond the id while it holds only one, as in almost every private room.</summary>
internal struct SocketSet
{
    // Nothing, a string, or a HashSet of at least one.
    private object? _sockets;

    public readonly int Count => _sockets switch
    {
        null => 0,
        string => 1,
        _ => ((HashSet<string>)_sockets).Count,
    };

    public bool Add(string socketId)
    {
        switch (_sockets)
        {
            case null:
                _sockets = socketId;
                return true;
            case string only when only == socketId:
                return false;
            case string only:
                _sockets = new HashSet<string>(StringComparer.Ordinal) { only, socketId };
                return true;
            default:
                return ((HashSet<string>)_sockets).Add(socketId);
        }
    }

    public bool Remove(string socketId)
    {
        switch (_sockets)
        {
            case null:
                return false;
            case string only:
                if (only != socketId)
                {
                    return false;
                }

                _sockets = null;
                return true;
            default:
                var many = (HashSet<string>)_sockets;
                if (!many.Remove(socketId))
                {
                    return false;
                }

                if (many.Count == 0)
                {
                    _sockets = null;
                }

                return true;
        }
    }

    public readonly bool Contains(string socketId) => _sockets switch
    {
        null => false,
        string only => only == socketId,
        _ => ((HashSet<string>)_sockets).Contains(socketId),
    };

    public readonly void CopyTo(List<string> list)
    {
        switch (_sockets)
        {
            case null:
                break;
            case string only:
                list.Add(only);
                break;
            default:
                list.AddRange((HashSet<string>)_sockets);
                break;
        }
    }
}
