namespace OrleansRooms.Silo.Tests;

public sealed class SiloOptionsTests
{
    private readonly SiloOptions _options = new();

    [Fact]
    public void Defaults_AreValid() => Assert.Empty(Failures());

    [Fact]
    public void EveryBadSetting_IsNamedWithWhatToChange()
    {
        _options.ClusterId = " ";
        _options.ServiceId = "";
        _options.SiloPort = -1;
        _options.GatewayPort = 70000;
        _options.PrimaryEndpoint = "localhost";
        var failures = Failures();
        Assert.Equal(5, failures.Length);
        Assert.Contains("Rooms:ClusterId is empty", failures[0], StringComparison.Ordinal);
        Assert.Contains("Rooms:PrimaryEndpoint is 'localhost'; set it to", failures[4], StringComparison.Ordinal);
    }

    [Fact]
    public void BothPortsTheSame_IsRefused()
    {
        _options.GatewayPort = _options.SiloPort;
        Assert.Contains("different ports", Assert.Single(Failures()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:11111", true)]
    [InlineData("[::1]:11111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("", false)]
    public void PrimaryEndpoint_NeedsAddressAndPort(string endpoint, bool valid)
    {
        _options.PrimaryEndpoint = endpoint;
        Assert.Equal(valid, Failures().Length == 0);
    }

    private string[] Failures() => [.. new SiloOptionsValidator().Validate(null, _options).Failures ?? []];
}
