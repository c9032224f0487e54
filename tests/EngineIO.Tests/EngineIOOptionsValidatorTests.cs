using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansRooms.EngineIO.Tests.Hosting;

namespace OrleansRooms.EngineIO.Tests;

public sealed class EngineIOOptionsValidatorTests
{
    public static TheoryData<string, Action<EngineIOOptions>> Mistakes => new()
    {
        { "PingInterval is 00:00:00; set it", options => options.PingInterval = TimeSpan.Zero },
        { "PingTimeout is -00:00:01; set it", options => options.PingTimeout = TimeSpan.FromSeconds(-1) },
        { "UpgradeTimeout is 2.00:00:00; set it", options => options.UpgradeTimeout = TimeSpan.FromDays(2) },
        { "CloseTimeout is 00:00:00; set it", options => options.CloseTimeout = TimeSpan.Zero },
        { "MaxHttpBufferSize is 0; set it to 1", options => options.MaxHttpBufferSize = 0 },
        { "MaxSessions is 0; set it to 1", options => options.MaxSessions = 0 },
        { "MaxPendingSessionsPerAddress is 0; set it to 1", options => options.MaxPendingSessionsPerAddress = 0 },
        { "MaxBufferedBytesPerSession is 10; set it to 1024", options => options.MaxBufferedBytesPerSession = 10 },
        { "Transports is None; choose", options => options.Transports = EngineTransport.None },
        { "Transports is 8; choose", options => options.Transports = (EngineTransport)8 },
        { "HttpCompression.Threshold is -1; set it", options => options.HttpCompression!.Threshold = -1 },
        { "PerMessageDeflate.Threshold is -1; set it", options => options.PerMessageDeflate = new() { Threshold = -1 } },
        {
            "PerMessageDeflate.ServerMaxWindowBits is 16; set it",
            options => options.PerMessageDeflate = new() { ServerMaxWindowBits = 16 }
        },
        {
            "Cors allows credentials from any origin",
            options => options.Cors = new CorsPolicy { SupportsCredentials = true, Origins = { "*" } }
        },
        { "AllowAnyOrigin is true, but Cors names", options => options.AllowAnyOrigin = true },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsNamedTogetherWithWhatToChange(string expected, Action<EngineIOOptions> makeMistake)
    {
        var options = new EngineIOOptions { PerMessageDeflate = new(), Cookie = new CookieBuilder(), Cors = new CorsPolicy() };
        Assert.True(new EngineIOOptionsValidator().Validate(null, options).Succeeded);

        makeMistake(options);

        var result = new EngineIOOptionsValidator().Validate(null, options);
        Assert.StartsWith(expected, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Server_WithMistakenOptions_IsNotCreated()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => new EngineIOServer(
            new EngineIOOptions { MaxSessions = 0, PingInterval = TimeSpan.Zero },
            new EchoAcceptor(),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            services.GetRequiredService<IMeterFactory>()));

        Assert.Equal(2, exception.Failures.Count());
    }
}
