using OrleansRooms.Silo.Http;
using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests;

public sealed class SiloHttpOptionsTests
{
    private readonly SiloHttpOptions _options =
        new() { Url = "http://127.0.0.1:8080", Dashboard = true, DashboardPassword = "open sesame!" };

    [Fact]
    public void Defaults_AreNoWebServer()
    {
        Assert.Null(new SiloHttpOptions().Url);
        Assert.True(new SiloHttpOptionsValidator().Validate(null, new SiloHttpOptions()).Succeeded);
        Assert.Empty(Failures());
    }

    [Fact]
    public void DashboardWithoutProtection_IsRefused()
    {
        _options.DashboardPassword = "short";
        Assert.Equal(
            "Rooms:Http:Dashboard is on without a password that protects it; set Rooms:Http:DashboardPassword to at least 12 characters.",
            Assert.Single(Failures()));
    }

    [Fact]
    public void DashboardWithoutAWebServer_IsRefused()
    {
        _options.Url = null;
        Assert.Contains("set Rooms:Http:Url", Assert.Single(Failures()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("ftp://127.0.0.1")]
    public void Url_HasToBeOne(string url)
    {
        _options.Url = url;
        Assert.Equal($"Rooms:Http:Url is '{url}'; write it like http://127.0.0.1:8080.", Assert.Single(Failures()));
    }

    [Fact]
    public void Operations_ListsEverySettingWithItsDefault()
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("docs", "operations.md"));
        var defaults = new SiloHttpOptions();
        Assert.All(typeof(SiloHttpOptions).GetProperties(), setting => Assert.Contains(
            $"| `Http:{setting.Name}` | {setting.GetValue(defaults)?.ToString()!.ToLowerInvariant() ?? "null"} | ", page,
            StringComparison.Ordinal));
    }

    private string[] Failures() => [.. new SiloHttpOptionsValidator().Validate(null, _options).Failures ?? []];
}
