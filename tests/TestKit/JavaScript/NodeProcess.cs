using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OrleansRooms.TestKit.JavaScript;

/// <summary>
/// A script of tests/TestKit/js in a process of its own, driven by JSON lines (see rpc.mjs). It ends when its standard input does, so it
/// does not outlive the tests, however they end.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _script;
    private readonly Action<JsonElement> _onNotification;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly Lock _writing = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;
    private long _lastId;

    private NodeProcess(string script, Action<JsonElement> onNotification)
    {
        _script = script;
        _onNotification = onNotification;
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [RepositoryRoot.Combine("tests", "TestKit", "js", script)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = utf8,
                StandardOutputEncoding = utf8,
                StandardErrorEncoding = utf8,
            },
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    public static NodeProcess Start(string script, Action<JsonElement> onNotification) => new(script, onNotification);

    /// <summary>Asks the script to do something; requests start in the order of the calls.</summary>
    public async Task<JsonElement> CallAsync(string op, object parameters, TimeSpan? timeout = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        var line = JsonSerializer.Serialize(new { id, op, @params = parameters }, JsValue.Options);
        lock (_writing)
        {
            if (_reading.IsCompleted)
            {
                throw Gone();
            }

            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        var limit = timeout ?? Inbox<JsonElement>.DefaultTimeout;
        try
        {
            return await answer.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_script} did not answer '{op}' within {limit}. {Errors()}");
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the process without letting it say goodbye to anyone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            _process.StandardInput.Close();
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var message = document.RootElement.Clone();
            if (!message.TryGetProperty("id", out var id))
            {
                _onNotification(message);
            }
            else if (_pending.TryRemove(id.GetInt64(), out var answer))
            {
                if (message.TryGetProperty("error", out var error))
                {
                    answer.SetException(new JavaScriptException(error.GetString()!));
                }
                else
                {
                    answer.SetResult(message.GetProperty("result"));
                }
            }
        }

        foreach (var (_, answer) in _pending)
        {
            answer.TrySetException(Gone());
        }
    }

    private InvalidOperationException Gone() => new($"{_script} has ended. {Errors()}");

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.Length == 0 ? "It wrote no error." : $"It wrote: {_errors}";
        }
    }
}
