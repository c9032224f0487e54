using System.Collections.Concurrent;
using System.Text.Json;

namespace OrleansRooms.TestKit.Browsers;

/// <summary>One page of a <see cref="Browser"/>. Actions wait until their element is there and can take them, 30 s at most.</summary>
public sealed class BrowserPage
{
    private readonly Browser _browser;
    private readonly int _id;
    private readonly ConcurrentQueue<string> _errors = new();

    internal BrowserPage(Browser browser, int id)
    {
        _browser = browser;
        _id = id;
    }

    /// <summary>What the page logged as an error or threw.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Types a text into a field, instead of what is there.</summary>
    public Task FillAsync(string selector, string text) => _browser.CallAsync("fill", new { page = _id, selector, text });

    /// <summary>Clicks an element.</summary>
    public Task ClickAsync(string selector) => _browser.CallAsync("click", new { page = _id, selector });

    /// <summary>Presses a key in an element, for example <c>Enter</c>.</summary>
    public Task PressAsync(string selector, string key) => _browser.CallAsync("press", new { page = _id, selector, key });

    /// <summary>The text that an element shows.</summary>
    public async Task<string> TextAsync(string selector) =>
        (await _browser.CallAsync("text", new { page = _id, selector })).GetString()!;

    /// <summary>Waits until an element that the selector finds is visible and contains the text.</summary>
    public Task WaitForTextAsync(string selector, string text) => _browser.CallAsync("waitForText", new { page = _id, selector, text });

    /// <summary>The value of a JavaScript expression in the page.</summary>
    public Task<JsonElement> EvaluateAsync(string expression) => _browser.CallAsync("evaluate", new { page = _id, code = expression });

    /// <summary>Writes what the page looks like into a PNG file.</summary>
    public Task ScreenshotAsync(string path) => _browser.CallAsync("screenshot", new { page = _id, path });

    internal void OnConsole(string level, string text)
    {
        if (level == "error")
        {
            _errors.Enqueue(text);
        }
    }
}
