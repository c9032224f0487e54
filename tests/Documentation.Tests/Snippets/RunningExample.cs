using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.SocketIO;

namespace OrleansRooms.Documentation.Tests.Snippets;

/// <summary>A server that consists of snippets of a page, each put where it belongs.</summary>
internal sealed class RunningExample : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningExample(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Starts a server with the first snippets of a page that contain these texts.</summary>
    public static async Task<RunningExample> StartAsync(string page, params string[] texts)
    {
        var snippets = texts.Select(text => Find(page, text)).ToList();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        foreach (var snippet in snippets.Where(snippet => snippet.Template is SnippetTemplate.Builder))
        {
            await RunAsync(snippet, builder);
        }

        if (!snippets.Any(snippet => snippet.Template is SnippetTemplate.Builder))
        {
            builder.Services.AddSocketIO();
        }

        var app = builder.Build();
        var io = app.MapSocketIO().Server;
        foreach (var snippet in snippets.Where(snippet => snippet.Template is SnippetTemplate.Server))
        {
            await RunAsync(snippet, app, io);
        }

        foreach (var snippet in snippets.Where(snippet => snippet.Template is SnippetTemplate.Socket))
        {
            io.OnConnection(socket => RunAsync(snippet, app, io, socket));
        }

        await app.StartAsync();
        return new RunningExample(app);
    }

    /// <summary>The first snippet of a page that contains a text.</summary>
    public static Snippet Find(string page, string text) =>
        MarkdownSnippets.Read(page, Documents.Read(page)).First(snippet => snippet.Code.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task RunAsync(Snippet snippet, params object[] arguments) =>
        (Task)SnippetCompiler.Build(snippet).GetType("Snippet")!
            .GetMethod("RunAsync", BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, arguments)!;
}
