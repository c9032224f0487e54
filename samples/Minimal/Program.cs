using OrleansRooms.SocketIO;

var builder = WebApplication.CreateBuilder(args);
builder.Configuration["urls"] ??= "http://localhost:3000";
builder.Services.AddSocketIO();
var app = builder.Build();

var io = app.MapSocketIO().Server;
io.OnConnection(socket =>
    socket.On<string>("chat message", async text => await io.EmitAsync("chat message", socket.Id, text)));

app.Run();
