using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OrleansRooms.Hosting;
using OrleansRooms.Samples.FrontEnd;

try
{
    // The settings are beside the program, wherever it is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    // The cluster: which one, the section Rooms of the configuration says.
    builder.AddRoomsClient();
    builder.Services.AddSocketIO().AddOrleansAdapter();

    // Who is who. Every front-end has to be able to read the tokens of the others, so they share the keys.
    builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
    builder.Services.AddAuthorization();
    builder.Services.AddDataProtection().SetApplicationName("front-end")
        .PersistKeysToFileSystem(new DirectoryInfo(builder.Configuration["Keys:Folder"] ?? Path.Combine(Path.GetTempPath(), "front-end-keys")));

    builder.Services.AddHealthChecks().AddCheck<ClusterHealth>("cluster", tags: ["ready"]);
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
