using Microsoft.Extensions.Options;

namespace OrleansRooms.Silo.Http;

/// <summary>Refuses a web server that could not start, or whose dashboard would be open to everybody.</summary>
internal sealed class SiloHttpOptionsValidator : IValidateOptions<SiloHttpOptions>
{
    private const int MinPasswordLength = 12;

    public ValidateOptionsResult Validate(string? name, SiloHttpOptions options)
    {
        var failures = new List<string>();
        if (options.Url is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            failures.Add($"Rooms:Http:Url is '{url}'; write it like http://127.0.0.1:8080.");
        }

        if (options.Dashboard)
        {
            if (options.Url is null)
            {
                failures.Add(
                    "Rooms:Http:Dashboard is on, but there is no web server for it; set Rooms:Http:Url, such as to http://127.0.0.1:8080.");
            }

            if (options.DashboardPassword is not { Length: >= MinPasswordLength })
            {
                failures.Add(
                    "Rooms:Http:Dashboard is on without a password that protects it; set Rooms:Http:DashboardPassword to at least " +
                    $"{MinPasswordLength} characters.");
            }

            if (string.IsNullOrEmpty(options.DashboardUser) || options.DashboardUser.Contains(':', StringComparison.Ordinal))
            {
                failures.Add("Rooms:Http:DashboardUser is empty or has a colon, which no browser can send; give another name.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
