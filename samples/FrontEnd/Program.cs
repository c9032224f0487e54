using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OrleansRooms.Hosting;
using OrleansRooms.Samples.FrontEnd;

// The settings are beside the program, wherever it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

try
{
    // The cluster: which one, the section Rooms of the configuration says.
    builder.AddRoomsClient();
    builder.Services.AddSocketIO().AddOrleansAdapter();

    // Who is who. Every front-end has to be able to read the tokens of the others, so they share the keys.
    builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
    builder.Services.AddAuthorization();
    builder.Services.AddDataProtection().SetApplicationName("front-end")
        .PersistKeysToFileSystem(
            new DirectoryInfo(builder.Configuration["Keys:Folder"] ?? Path.Combine(Path.GetTempPath(), "front-end-keys")));

    // Ready is a node that the cluster knows. One that lost the cluster is degraded: it serves its own clients, and stays.
    builder.Services.AddHealthChecks().AddOrleansRooms(tags: ["ready"]);
    Telemetry.AddTo(builder);

    var app = builder.Build();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapPost("/login", Login.SignIn);
    app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
    app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
    Chat.Map(app.MapSocketIO().Server);

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is RoomsStartException or OptionsValidationException)
{
    // One sentence that says what to change.
    await Console.Error.WriteLineAsync($"The front-end cannot run: {exception.Message}");
    return 1;
}
catch (Exception exception) when (exception is IOException or FormatException or ArgumentOutOfRangeException)
{
    // What Kestrel says of an address that is taken or is none.
    await Console.Error.WriteLineAsync(
        $"The front-end cannot listen at {builder.Configuration["urls"]} ({exception.Message.TrimEnd('.')}); give it another address " +
        "with --urls.");
    return 1;
}
