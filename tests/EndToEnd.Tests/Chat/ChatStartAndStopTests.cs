using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>How the chat's programs begin and end on the command line.</summary>
public sealed class ChatStartAndStopTests
{
    // What hangs is ended by the host after 30 s; on a machine with nothing else to do it takes one.
    private static readonly TimeSpan CleanEnd = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task All_Interrupted_EndsCleanlyInTime()
    {
        var ports = FreePorts.Take(4);
        await using var chat = ChatProcesses.Start(
            "--nodes", $"http://localhost:{ports[0]};http://localhost:{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port",
            $"{ports[3]}");
        await chat.NextLineAsync($"http://localhost:{ports[0]}");
        await chat.NextLineAsync($"http://localhost:{ports[1]}");
        await chat.NextLineAsync("Ctrl+C");
        await using var js = JsClients.Start();
        var polling = await js.ConnectAsync($"http://localhost:{ports[0]}", new { transports = new[] { "polling" }, reconnection = false });
        var webSocket = await js.ConnectAsync(
            $"http://localhost:{ports[1]}", new { transports = new[] { "websocket" }, reconnection = false });

        var stopwatch = Stopwatch.StartNew();
        chat.Signal(ProcessSignal.Interrupt);
        var exitCode = await chat.WaitForExitAsync();

        Assert.True(stopwatch.Elapsed < CleanEnd, $"It took {stopwatch.Elapsed}. {chat.Output}");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("fail:", chat.Output, StringComparison.Ordinal);
        Assert.Equal("", chat.Errors);
        await polling.NextAsync("disconnect");
        Assert.Equal("transport close", (await webSocket.NextAsync("disconnect")).Get<string>());
    }

    [Fact]
    public async Task Parts_Terminated_EndCleanly()
    {
        var ports = FreePorts.Take(2);
        await using var silo = await ChatProcesses.StartSiloAsync(ports[0], ports[1]);
        await using var node = await ChatProcesses.StartNodeAsync("node", ports[1]);
        // What is still on its way to a silo that stops, Orleans reports as an error.
        await silo.NextLineAsync("registered");

        node.Process.Signal(ProcessSignal.Terminate);
        var nodeExitCode = await node.Process.WaitForExitAsync();
        silo.Signal(ProcessSignal.Terminate);
        var siloExitCode = await silo.WaitForExitAsync();

        Assert.Equal(0, nodeExitCode);
        Assert.Equal(0, siloExitCode);
        Assert.DoesNotContain("fail:", node.Process.Output + silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo", "--silo-port")]
    [InlineData("silo", "--gateway-port")]
    [InlineData("node", "--urls")]
    [InlineData("all", "--nodes")]
    public async Task Port_Taken_SaysSoInOneSentence(string role, string option)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var free = FreePorts.Take(2);
        var args = new Dictionary<string, string>
        {
            ["--role"] = role,
            ["--silo-port"] = $"{free[0]}",
            ["--gateway-port"] = $"{free[1]}",
            [option] = option is "--urls" or "--nodes" ? $"http://localhost:{taken}" : $"{taken}",
        };

        await using var chat = ChatProcesses.Start([.. args.SelectMany(pair => new[] { pair.Key, pair.Value })]);
        var exitCode = await chat.WaitForExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"Port {taken} is taken by another program. End that one, or choose another port with {option}.", chat.Errors.TrimEnd());
        Assert.Equal("", chat.Output);
    }

    [Theory]
    [InlineData("--role", "boss", "There is no role 'boss': choose all, silo or node.")]
    [InlineData("--nodes", "nowhere", "'nowhere' is no address of a node: write it like http://localhost:5001.")]
    [InlineData("--silo-port", "soon", "'soon' is no port: --silo-port takes a number from 1 to 65535.")]
    public async Task Option_ThatMakesNoSense_IsExplained(string option, string value, string sentence)
    {
        await using var chat = ChatProcesses.Start(option, value);

        Assert.Equal(1, await chat.WaitForExitAsync());
        Assert.Equal(sentence, chat.Errors.TrimEnd());
    }
}
