using OrleansRooms.NodeProgram;

// A node for the tests that kill processes: a client of the silos that the section Rooms names or, with --cohosted, one that has a silo of
// them in its own process or, with --alone, one without a cluster. It says where it listens, and its clients ask it everything else: see
// NodeEvents.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "HH:mm:ss.fff ";
});
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
var name = builder.Configuration["name"] ?? throw new InvalidOperationException("Give the node a --name.");
var isAlone = builder.Configuration.GetValue("alone", false);
if (builder.Configuration.GetValue("cohosted", false))
{
    builder.UseOrleans(silo => silo.UseRoomsClustering().AddRooms());
}
else if (!isAlone)
{
    builder.AddRoomsClient();
}

var socketIO = builder.Services.AddSocketIO();
if (!isAlone)
{
    socketIO.AddOrleansAdapter(node => node.NodeId = name);
}

var app = builder.Build();
NodeEvents.Register(app.MapSocketIO("/socket.io").Server, name, app.Services.GetService<IGrainFactory>());
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening at {app.Urls.First()}"));
app.Run();
