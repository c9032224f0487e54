using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Silo.Tests;

/// <summary>The web server of the silo program.</summary>
public sealed class SiloHttpTests
{
    [Fact]
    public async Task Silo_SaysThatItLivesAndIsReady_AndShowsTheDashboardToThoseWhoMay()
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        await using var silo = await SiloProcess.RunAsync(
            "--http", url, "--Rooms:Http:Dashboard", "true", "--Rooms:Http:DashboardPassword", "open sesame!");
        using var client = new HttpClient { BaseAddress = new Uri(url) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/health/ready"));
        foreach (var path in new[] { "/dashboard/", "/dashboard/DashboardCounters", "/dashboard/ClusterStats" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path, "admin:open barley"));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/dashboard/", "no base64", encode: false));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/dashboard/", "admin:open sesame!"));
        Assert.DoesNotContain("sesame", silo.Output + silo.Errors, StringComparison.Ordinal);

        async Task<HttpStatusCode> StatusAsync(string path, string? credentials = null, bool encode = true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (credentials is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", encode
                    ? Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
                    : credentials);
            }

            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task WithoutAnUrl_NothingListensForHttp()
    {
        await using var silo = await SiloProcess.RunAsync();

        Assert.DoesNotContain("Now listening", silo.Output, StringComparison.Ordinal);
    }
}
