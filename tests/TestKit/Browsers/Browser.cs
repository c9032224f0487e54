using System.Collections.Concurrent;
using System.Text.Json;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.TestKit.Browsers;

/// <summary>A headless Chromium, driven by playwright-core from a Node.js process. Disposing it ends both.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, BrowserPage> _pages = new();
    private readonly NodeProcess _process;
    private int _lastPage;

    private Browser() => _process = NodeProcess.Start("browser.mjs", OnNotification);

    /// <summary>Starts the browser.</summary>
    public static async Task<Browser> LaunchAsync()
    {
        var browser = new Browser();
        await browser.CallAsync("launch", new { executable = Chromium.Find() });
        return browser;
    }

    /// <summary>Opens a page in a context of its own, as in the browser of another person.</summary>
    /// <param name="url">What to open.</param>
    /// <param name="options">Playwright's context options, for example <c>new { colorScheme = "dark" }</c>.</param>
    public async Task<BrowserPage> OpenAsync(string url, object? options = null)
    {
        var id = Interlocked.Increment(ref _lastPage);
        var page = new BrowserPage(this, id);
        _pages[id] = page;
        await CallAsync("open", new { page = id, url, options = options ?? new { } });
        return page;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    internal Task<JsonElement> CallAsync(string op, object parameters) =>
        _process.CallAsync(op, parameters, TimeSpan.FromSeconds(40));

    private void OnNotification(JsonElement message) =>
        _pages[message.GetProperty("page").GetInt32()].OnConsole(
            message.GetProperty("level").GetString()!, message.GetProperty("text").GetString()!);
}
