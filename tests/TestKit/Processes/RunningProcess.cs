using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRooms.TestKit.Processes;

/// <summary>A program that a test started. What it writes is kept, and it is killed at the latest when this is disposed.</summary>
public sealed partial class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Inbox<string> _lines;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    static RunningProcess() => InterruptSignal.Allow();

    private RunningProcess(ProcessStartInfo start, string title)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Title = title;
        _lines = new Inbox<string>(() => title);
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _errors));
    }

    /// <summary>The program and its arguments.</summary>
    public string Title { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>What the process wrote to its standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What the process wrote to its standard error so far.</summary>
    public string Errors => Read(_errors);

    /// <summary>Starts a .NET program.</summary>
    /// <param name="assembly">The path of its dll.</param>
    /// <param name="args">Its arguments.</param>
    public static RunningProcess StartDotnet(string assembly, params string[] args) => StartDotnet(assembly, args, Path.GetTempPath());

    /// <summary>Starts a .NET program in a given working directory.</summary>
    public static RunningProcess StartDotnet(string assembly, IEnumerable<string> args, string workingDirectory)
    {
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException($"{assembly} is not there: build the solution first.", assembly);
        }

        string[] all = [assembly, .. args];
        return new RunningProcess(
            new ProcessStartInfo("dotnet", all) { WorkingDirectory = workingDirectory },
            $"{Path.GetFileNameWithoutExtension(assembly)} {string.Join(' ', args)}");
    }

    /// <summary>Starts any program that is on the path.</summary>
    public static RunningProcess Start(string program, IEnumerable<string> args, string workingDirectory)
    {
        string[] all = [.. args];
        return new RunningProcess(
            new ProcessStartInfo(program, all) { WorkingDirectory = workingDirectory },
            $"{Path.GetFileName(program)} {string.Join(' ', all)}");
    }

    /// <summary>Takes the next line, of either stream, that contains a text, waiting for it if need be.</summary>
    public Task<string> NextLineAsync(string containing, TimeSpan? timeout = null) =>
        _lines.TakeAsync(line => line.Contains(containing, StringComparison.Ordinal), $"a line with '{containing}'", timeout);

    /// <summary>Sends a signal.</summary>
    public void Signal(ProcessSignal signal)
    {
        if (OperatingSystem.IsWindows())
        {
            if (signal != ProcessSignal.Kill)
            {
                throw new PlatformNotSupportedException($"Windows has no signal {signal}.");
            }

            _process.Kill();
        }
        else if (SendSignal(_process.Id, (int)signal) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Waits for the process to end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        var limit = timeout ?? Inbox<string>.DefaultTimeout;
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Title} was still running after {limit}. Its output: {Output}{Errors}");
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.AppendLine(line);
            }

            _lines.Add(line);
        }

        if (reader == _process.StandardOutput)
        {
            _lines.End("the process has ended");
        }
    }
}
