using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// Stands before the server's own upgrade features, so that the framework's WebSocket is built on a <see cref="SharedStream"/>.
/// The handshake itself stays the framework's.
/// </summary>
internal sealed class SharedUpgradeFeature : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly IHttpWebSocketFeature? _webSocket;

    private SharedUpgradeFeature(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, IHttpWebSocketFeature? webSocket)
    {
        _upgrade = upgrade;
        _connect = connect;
        _webSocket = webSocket;
    }

    public bool IsUpgradableRequest => _upgrade is { IsUpgradableRequest: true };

    public bool IsExtendedConnect => _connect is { IsExtendedConnect: true };

    public string? Protocol => _connect?.Protocol;

    /// <summary>The connection, once it was upgraded.</summary>
    public SharedStream? Stream { get; private set; }

    /// <summary>
    /// Whether the request took over its connection, with nothing between the two: the server is its own upgrade feature, which it is not
    /// when something has wrapped that, and nothing was upgraded over HTTP/2, whose connections carry many requests.
    /// </summary>
    public bool IsServersOwn { get; private set; }

    /// <summary>The feature of a request, if there is one.</summary>
    public static SharedUpgradeFeature? Of(IFeatureCollection features) =>
        features.Get<IHttpUpgradeFeature>() as SharedUpgradeFeature ?? features.Get<IHttpExtendedConnectFeature>() as SharedUpgradeFeature;

    /// <summary>Takes the place of the server's features when the request may become a WebSocket.</summary>
    public static void Install(IFeatureCollection features)
    {
        var upgrade = features.Get<IHttpUpgradeFeature>();
        var connect = features.Get<IHttpExtendedConnectFeature>();
        if (upgrade is not { IsUpgradableRequest: true } && connect is not { IsExtendedConnect: true }) return;

        var shared = new SharedUpgradeFeature(upgrade, connect, features.Get<IHttpWebSocketFeature>());
        if (upgrade is not null) features.Set<IHttpUpgradeFeature>(shared);
        if (connect is not null) features.Set<IHttpExtendedConnectFeature>(shared);

        // An application's own UseWebSockets() has put a feature here that knows only the server's; ours replaces it.
        features.Set<IHttpWebSocketFeature>(null);
    }

    /// <summary>
    /// Puts back what was there before. The request is a WebSocket by then, and lasts: neither this feature nor the framework's part in the
    /// handshake is needed any more.
    /// </summary>
    public void Remove(IFeatureCollection features)
    {
        if (_upgrade is not null) features.Set(_upgrade);
        if (_connect is not null) features.Set(_connect);
        features.Set(_webSocket);
    }

    public async Task<Stream> UpgradeAsync()
    {
        Stream = new SharedStream(await _upgrade!.UpgradeAsync());
        IsServersOwn = _upgrade is IHttpRequestFeature;
        return Stream;
    }

    public async ValueTask<Stream> AcceptAsync() => Stream = new SharedStream(await _connect!.AcceptAsync());
}
